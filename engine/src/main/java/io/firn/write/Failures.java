package io.firn.write;

import io.firn.FirnException;
import io.firn.store.CorruptFileException;
import io.firn.store.FormatVersionException;
import io.firn.store.StoreLockedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** The one place where failures of the store become exceptions of the API. */
public final class Failures {

  private Failures() {}

  /** The API's exception for a failure below it, with the same message. */
  public static FirnException of(IOException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case StoreLockedException _ -> new FirnException.Locked(message, e);
      case CorruptFileException _ -> new FirnException.Corrupt(message, e);
      case FormatVersionException _ -> new FirnException.Unsupported(message, e);
      case NoSuchFileException missing ->
          new FirnException.NotFound(
              "%s must exist but does not. Check the path, or create it."
                  .formatted(missing.getFile()));
      default ->
          new FirnException.Storage(
              "the file system must do what is asked but did not: %s (%s). Check space, rights and the device."
                  .formatted(message, e.getClass().getSimpleName()),
              e);
    };
  }
}
