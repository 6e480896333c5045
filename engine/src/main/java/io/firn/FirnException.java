package io.firn;

import org.jspecify.annotations.Nullable;

/**
 * Everything Firn throws. The message says what happened, the value, why, and what to do about it.
 */
public abstract sealed class FirnException extends RuntimeException {

  private FirnException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** An argument cannot be meant; nothing was changed. */
  public static final class InvalidInput extends FirnException {
    public InvalidInput(String message) {
      super(message, null);
    }
  }

  /** What is asked for contradicts what is stored, as another dimension for a collection. */
  public static final class Conflict extends FirnException {
    public Conflict(String message) {
      super(message, null);
    }
  }

  /** A row has another version than a write asks for: somebody was faster. Nothing was changed. */
  public static final class Outdated extends FirnException {
    public Outdated(String message) {
      super(message, null);
    }
  }

  /** No collection or database of that name. */
  public static final class NotFound extends FirnException {
    public NotFound(String message) {
      super(message, null);
    }
  }

  /** The database, or a transaction of it, was closed before the call. */
  public static final class Closed extends FirnException {
    public Closed(String message) {
      super(message, null);
    }
  }

  /** A search was asked to end before it had its result, by its deadline or its caller. */
  public static final class Cancelled extends FirnException {
    public Cancelled(String message) {
      super(message, null);
    }
  }

  /** Another process, or this one, has the directory open. */
  public static final class Locked extends FirnException {
    public Locked(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Bytes on disk that Firn cannot have written; names the file, and where possible the place. */
  public static final class Corrupt extends FirnException {
    public Corrupt(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** A newer Firn wrote these files. */
  public static final class Unsupported extends FirnException {
    public Unsupported(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * The file system refused: a full disk, missing rights, a failed force. After a failed commit the
   * database answers reads but refuses writes until it is reopened.
   */
  public static final class Storage extends FirnException {
    public Storage(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}
