package io.firn;

import java.time.Duration;

/**
 * When an acknowledged write is safe from power loss. A crash of the process alone never loses an
 * acknowledged {@link #FULL} write; consistency is never at stake, in any mode.
 *
 * @param intervalNanos longest time between acknowledgement and commit; 0 commits first
 */
public record Durability(long intervalNanos) {

  /** A write returns after its commit is forced to the disk. Concurrent writers share a commit. */
  public static final Durability FULL = new Durability(0);

  public Durability {
    if (intervalNanos < 0) {
      throw new FirnException.InvalidInput(
          "durability interval must be 0 or more but is %d ns: a commit cannot precede its write. Use Durability.FULL."
              .formatted(intervalNanos));
    }
  }

  /**
   * A write returns when it is visible and is committed at most {@code limit} later; a crash of the
   * process or the machine may lose the writes of that time, always the newest ones first.
   *
   * @param limit from 1 ms to 1 hour
   */
  public static Durability interval(Duration limit) {
    if (limit.compareTo(Duration.ofMillis(1)) < 0 || limit.compareTo(Duration.ofHours(1)) > 0) {
      throw new FirnException.InvalidInput(
          "durability interval must be 1 ms..1 h but is %s: shorter gains nothing over FULL, longer loses too much. Use Durability.FULL or a value in the range."
              .formatted(limit));
    }
    return new Durability(limit.toNanos());
  }

  /** True if a write is committed before it is acknowledged. */
  public boolean isFull() {
    return intervalNanos == 0;
  }

  @Override
  public String toString() {
    return isFull() ? "FULL" : "INTERVAL(" + Duration.ofNanos(intervalNanos) + ")";
  }
}
