package io.firn.bench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where prepared data is kept, outside of any repository. */
public record DataFolder(Path root) {

  /** {@code $FIRN_DATA}, or {@code ~/.cache/firn}. */
  public static DataFolder standard() {
    String chosen = System.getenv("FIRN_DATA");
    return new DataFolder(
        chosen == null || chosen.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache", "firn")
            : Path.of(chosen));
  }

  /** The folder of one set, created if absent. */
  Path of(String name) throws IOException {
    return Files.createDirectories(root.resolve(name));
  }
}
