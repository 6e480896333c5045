package io.firn.search;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the users of something that its owner may retire at any time. Whoever is told true, the
 * owner or the last user, frees it; nobody else is.
 */
final class Pins {

  private static final int RETIRED = Integer.MIN_VALUE; // the sign bit; the rest counts pins

  private final AtomicInteger state = new AtomicInteger();

  /** Keeps the thing until {@link #unpin}. False if it is retired. */
  boolean tryPin() {
    int seen = state.get();
    while (seen >= 0) {
      int witness = state.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Once for each pin; true for the last one of what is retired. */
  boolean unpin() {
    return state.decrementAndGet() == RETIRED;
  }

  /** Refuses new pins; true if there is none. Called once. */
  boolean retire() {
    return state.getAndUpdate(pins -> pins | RETIRED) == 0;
  }

  /** True if it is retired and unpinned. */
  boolean drained() {
    return state.get() == RETIRED;
  }
}
