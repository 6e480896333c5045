package io.firn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Directories in memory where the system has such a file system: forcing costs nothing there, so a
 * test that does not depend on it sees more happen in its time.
 */
final class MemoryDisk implements TempDirFactory {

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final long ENOUGH_BYTES = 1L << 30;

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test)
      throws IOException {
    boolean usable =
        Files.isWritable(SHARED_MEMORY)
            && Files.getFileStore(SHARED_MEMORY).getUsableSpace() > ENOUGH_BYTES;
    return usable
        ? Files.createTempDirectory(SHARED_MEMORY, "firn")
        : Files.createTempDirectory("firn");
  }
}
