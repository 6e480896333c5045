package io.firn.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel keeps of files. Stateless. */
final class PageCache {

  private PageCache() {}

  /**
   * Has the kernel drop cached pages; {@code dd} does it file by file, without privileges. What is
   * not yet written cannot be dropped, and not every engine forces its files, so {@code sync} does.
   */
  static void forget(Path path) throws IOException, InterruptedException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        run(file, "sync", file.toString());
        run(file, "dd", "if=" + file, "iflag=nocache", "count=0", "status=none");
      }
    }
  }

  private static void run(Path file, String... command) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command).start().waitFor();
    if (exit != 0) {
      throw new IOException(
          "%s must drop %s from the page cache but ended with %d: opening would not be cold. Check the file."
              .formatted(command[0], file, exit));
    }
  }
}
