package io.firn.cli.format;

import java.io.IOException;
import java.nio.file.Path;

/** A file whose bytes do not fit its format. Reading it again gives the same answer. */
public final class MalformedFileException extends IOException {

  private static final long serialVersionUID = 1;

  private final String file;
  private final long offset;
  private final String value;

  MalformedFileException(
      Path file, long offset, String what, String rule, String value, String why, String remedy) {
    super(
        "%s, byte %d: %s must be %s but is %s: %s. %s."
            .formatted(file, offset, what, rule, value, why, remedy));
    this.file = file.toString();
    this.offset = offset;
    this.value = value;
  }

  /** The file as it was given to the reader. */
  public String file() {
    return file;
  }

  /** Byte of the file at which the offending value starts. */
  public long offset() {
    return offset;
  }

  /** The offending value, as text. */
  public String value() {
    return value;
  }
}
