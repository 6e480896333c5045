package io.firn.store;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Bytes on disk that this version cannot have written where they are. Retrying does not help. */
public final class CorruptFileException extends IOException {

  private final Path file;
  private final long offset;
  private final String field;

  /**
   * @param file the damaged file
   * @param offset byte in the file where the damage shows; -1 if it is not known
   * @param field what is damaged, in the words of docs/format.md
   * @param expected what should be there
   * @param found what is there
   */
  public CorruptFileException(Path file, long offset, String field, String expected, String found) {
    this(file, offset, field, expected, found, null);
  }

  CorruptFileException(
      Path file,
      long offset,
      String field,
      String expected,
      String found,
      @Nullable Throwable cause) {
    super(message(file, offset, field, expected, found), cause);
    this.file = file;
    this.offset = offset;
    this.field = field;
  }

  /** The same for checksums of 32 bits. */
  static void expect(Path file, long offset, String field, int expected, int found)
      throws CorruptFileException {
    expect(file, offset, field, Integer.toUnsignedLong(expected), Integer.toUnsignedLong(found));
  }

  /** Throws unless {@code found} is {@code expected}; both are named in hexadecimal. */
  static void expect(Path file, long offset, String field, long expected, long found)
      throws CorruptFileException {
    if (expected != found) {
      throw new CorruptFileException(
          file, offset, field, "0x%x".formatted(expected), "0x%x".formatted(found));
    }
  }

  private static String message(
      Path file, long offset, String field, String expected, String found) {
    String where = offset < 0 ? "" : " at byte " + offset;
    return "%s is corrupt%s: %s must be %s but is %s. Restore the database from a backup."
        .formatted(file, where, field, expected, found);
  }

  public Path file() {
    return file;
  }

  /** Byte in the file where the damage shows; -1 if it is not known. */
  public long offset() {
    return offset;
  }

  public String field() {
    return field;
  }
}
