package io.firn.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file system has no more space, or behaves as it does then. What was durable before is
 * unharmed and readable; the operation that failed left nothing visible.
 */
public final class DiskFullException extends IOException {

  /** Less than any write of this package needs in the end. */
  private static final long NOTHING_BYTES = 1 << 16;

  private final Path file;

  DiskFullException(Path file, String what, @Nullable Throwable cause) {
    super(
        "no space for %s: %s. Free some on its file system and repeat.".formatted(file, what),
        cause);
    this.file = file;
  }

  /** The file whose writing failed. */
  public Path file() {
    return file;
  }

  /** {@code e}, or a DiskFullException if that is what {@code e} means. */
  static IOException orSame(Path file, IOException e) {
    return !(e instanceof DiskFullException) && meansFull(file, e)
        ? new DiskFullException(file, String.valueOf(e.getMessage()), e)
        : e;
  }

  private static boolean meansFull(Path file, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left on device") || message.contains("Disk quota exceeded")) {
      return true;
    }
    if (e.getClass() != IOException.class) {
      return false; // a named failure: no such file, access denied
    }
    try { // the message is in the language of the machine, so ask the file system too
      Path directory = file.toAbsolutePath().getParent();
      return directory != null
          && Files.isDirectory(directory)
          && Files.getFileStore(directory).getUsableSpace() < NOTHING_BYTES;
    } catch (IOException unknown) {
      return false;
    }
  }
}
