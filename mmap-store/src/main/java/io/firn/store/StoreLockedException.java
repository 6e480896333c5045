package io.firn.store;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Another opener has the database. It can be opened when the holder closes it or ends. */
public final class StoreLockedException extends IOException {

  private final @Nullable LockHolder holder;

  StoreLockedException(Path directory, @Nullable LockHolder holder) {
    super(
        "%s must have one opener but is held by %s: two writers would destroy it. Close it there, or end that process."
            .formatted(directory, holder == null ? "an unknown process" : holder));
    this.holder = holder;
  }

  /** Who has it, as the holder wrote it down; null in the instant before it does. */
  public @Nullable LockHolder holder() {
    return holder;
  }
}
