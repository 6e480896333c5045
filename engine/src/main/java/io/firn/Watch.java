package io.firn;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Ends a search that takes too long or is no longer wanted. For one run on one thread. */
final class Watch {

  private static final int ROWS_PER_LOOK = 32; // reading the clock costs about 25 ns

  private final long startedAt = System.nanoTime();
  private final long timeoutNanos;
  private final @Nullable BooleanSupplier cancelled;
  private int rows;

  Watch(long timeoutNanos, @Nullable BooleanSupplier cancelled) {
    this.timeoutNanos = timeoutNanos;
    this.cancelled = cancelled;
  }

  /**
   * To be called for each row looked at.
   *
   * @throws FirnException.Cancelled if the search must end
   */
  boolean goOn() {
    if (++rows % ROWS_PER_LOOK == 0) {
      look();
    }
    return true;
  }

  void look() {
    long spent = System.nanoTime() - startedAt;
    if (spent > timeoutNanos) {
      throw new FirnException.Cancelled(
          "a search must end within %,d µs but has not: its deadline says so. Allow more time, lower ef, or declare an index for the filter."
              .formatted(timeoutNanos / 1_000));
    }
    if (cancelled != null && cancelled.getAsBoolean()) {
      throw new FirnException.Cancelled(
          "the search must go on to have a result but was cancelled by its caller.");
    }
  }
}
