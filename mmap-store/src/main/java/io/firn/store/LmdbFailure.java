package io.firn.store;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.LmdbException;
import org.lmdbjava.LmdbNativeException;

/** What LMDB's result codes mean to a caller. */
final class LmdbFailure {

  private static final int EIO = 5;
  private static final int ENOSPC = 28;
  private static final int EDQUOT = 122;

  private static final int PAGE_NOT_FOUND = -30_797;
  private static final int CORRUPTED = -30_796;
  private static final int PANIC = -30_795;
  private static final int VERSION_MISMATCH = -30_794;
  private static final int INVALID = -30_793;
  private static final int CURSOR_FULL = -30_787; // a tree deeper than any real one

  private LmdbFailure() {}

  @FunctionalInterface
  interface Call<T extends @Nullable Object> {
    T run();
  }

  /** Runs {@code call} and translates what lmdbjava throws. */
  static <T extends @Nullable Object> T guard(Path file, Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (LmdbException e) {
      throw of(file, e);
    }
  }

  static IOException of(Path file, LmdbException e) {
    return switch (code(e)) {
      case PAGE_NOT_FOUND, CORRUPTED, VERSION_MISMATCH, INVALID, CURSOR_FULL ->
          new CorruptFileException(
              file, -1, "LMDB page", "readable", String.valueOf(e.getMessage()), e);
      case ENOSPC, EDQUOT -> new DiskFullException(file, String.valueOf(e.getMessage()), e);
      case PANIC ->
          new IOException(
              "%s takes no more transactions: an earlier commit failed while it became visible. Close the database and open it again."
                  .formatted(file),
              e);
      default -> new IOException("%s: %s".formatted(file, e.getMessage()), e);
    };
  }

  /**
   * Of a change or commit: LMDB answers a short write, which is what a full disk gives, with EIO.
   * It writes in the middle of a transaction too, if that is large.
   */
  static IOException ofChange(Path file, LmdbException e) {
    return code(e) == EIO
        ? new DiskFullException(
            file, "LMDB could not write (EIO), which a full disk or a failing one causes", e)
        : of(file, e);
  }

  private static int code(LmdbException e) {
    return e instanceof LmdbNativeException known ? known.getResultCode() : 0;
  }
}
