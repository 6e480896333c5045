package io.firn.store;

import java.io.IOException;
import java.nio.file.Path;

/** A database written in a newer format than this version reads. Nothing was changed. */
public final class FormatVersionException extends IOException {

  private final String found;
  private final String supported;

  FormatVersionException(Path file, String found, String supported, String creator) {
    super(
        "format version of %s must be at most %s but is %s: it was created by %s. Open it with that version or a newer one."
            .formatted(file, supported, found, creator));
    this.found = found;
    this.supported = supported;
  }

  /** The version on disk, as {@code major.minor}. */
  public String found() {
    return found;
  }

  /** The newest version this program reads, as {@code major.minor}. */
  public String supported() {
    return supported;
  }
}
