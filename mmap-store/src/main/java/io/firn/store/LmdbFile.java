package io.firn.store;

import java.io.IOException;
import java.nio.file.Path;

/** Looks at LMDB's file by reading, before LMDB maps it. */
final class LmdbFile {

  private LmdbFile() {}

  /**
   * Verifies that LMDB will find all it needs inside the file.
   *
   * @throws CorruptFileException if the file is absent, foreign or truncated
   */
  static void check(Io io, Path file) throws IOException {
    if (!io.exists(file)) {
      throw new CorruptFileException(file, 0, "file", "present", "absent");
    }
    try (FileHandle handle = io.open(file)) {
      LmdbMeta meta = LmdbMeta.read(handle);
      if (handle.size() < meta.endBytes()) {
        throw new CorruptFileException(
            file,
            handle.size(),
            "file size",
            "at least %d for the pages in use".formatted(meta.endBytes()),
            Long.toString(handle.size()));
      }
    }
  }
}
