package io.firn.search;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Draws the queries that are checked: one at a time, with pauses. Not the first query after a
 * pause, which is the one behind a slow one more often than not, and like it where queries are
 * sorted: those found a hundredth of recall less than all. The one that is drawn next is as good as
 * any. Thread-safe.
 */
final class CheckDraw {

  /** Of so many queries, about, one is drawn; a power of two. */
  static final int DRAWN_OF = 256;

  /** After so long without one that is drawn, any is checked: queries are rare. */
  static final long PATIENCE_NANOS = 250_000_000;

  private final AtomicBoolean checking = new AtomicBoolean();
  private volatile long nextAtNanos;

  CheckDraw(long nowNanos) {
    this.nextAtNanos = nowNanos;
  }

  /** True if a query is to be checked; then {@link #checked} must follow. */
  boolean due(float[] query, long nowNanos) {
    long sinceNanos = nowNanos - nextAtNanos;
    return sinceNanos >= 0
        && !checking.get()
        && (sinceNanos >= PATIENCE_NANOS || drawn(query))
        && !checking.getAndSet(true);
  }

  /** By its own bits and those of the moment, so that each query has its turn. */
  private boolean drawn(float[] query) {
    return (QueryHash.of(query, (int) nextAtNanos) & DRAWN_OF - 1) == 0;
  }

  /** The next check begins then or later. */
  void pauseUntil(long atNanos) {
    nextAtNanos = atNanos;
  }

  /** Ends what {@link #due} began. */
  void checked() {
    checking.set(false);
  }
}
