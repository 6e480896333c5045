package io.firn.quantization;

import java.util.concurrent.CancellationException;

/** Hears how far a long call has come, and may end it. Called by the thread that trains. */
@FunctionalInterface
public interface Progress {

  /** Hears nothing, ends nothing. */
  Progress IGNORED = fraction -> true;

  /**
   * Returns whether to go on.
   *
   * @param fraction of the work done, 0 to 1, never falling
   */
  boolean reached(double fraction);

  /**
   * Reports.
   *
   * @throws CancellationException if the listener wants no more
   */
  default void report(double fraction) {
    if (!reached(fraction)) {
      throw new CancellationException(
          "training was cancelled at %.0f %%".formatted(100 * fraction));
    }
  }
}
