package io.firn.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel keeps of files. Stateless. */
final class PageCache {

  private PageCache() {}

  /** Has the kernel drop cached pages; {@code dd} does it file by file, without privileges. */
  static void forget(Path path) throws IOException, InterruptedException {
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        int exit =
            new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0", "status=none")
                .start()
                .waitFor();
        if (exit != 0) {
          throw new IOException(
              "dd must drop %s from the page cache but ended with %d: opening would not be cold. Check the file."
                  .formatted(file, exit));
        }
      }
    }
  }
}
