package io.firn.tier;

import io.firn.search.Temperature;
import java.time.Duration;

/**
 * Finds out whether searches of one segment wait for the disk. The process has read something: this
 * is a suspicion. Then searches ask for their pages ahead for a moment, and what was not in memory
 * says whether they go on. For one thread.
 */
final class ColdWatch {

  /** Where fewer than one in so many is missing, asking costs more than it saves. */
  private static final int ASKED_PER_MISSING = 256;

  /** Fewer say nothing: some two searches. */
  private static final int LEAST_ASKED = 100;

  /** Until a segment that was in memory is suspected again; twice as long each time. */
  private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(60).toNanos();

  private final Temperature temperature;
  private long askedBefore;
  private long missingBefore;
  private long pauseNanos = FIRST_PAUSE_NANOS;
  private long pausedAtNanos;
  private boolean paused;

  ColdWatch(Temperature temperature) {
    this.temperature = temperature;
  }

  /**
   * Looks at what searches did since the last look.
   *
   * @param reading true if the process has read from a device since
   */
  void look(boolean reading, long nowNanos) {
    if (!temperature.cold()) {
      paused = paused && nowNanos - pausedAtNanos < pauseNanos;
      if (reading && !paused) {
        begin();
        temperature.setCold(true);
      }
      return;
    }
    long asked = temperature.asked() - askedBefore;
    long missing = temperature.missing() - missingBefore;
    if (asked == 0 && !reading) {
      temperature.setCold(false); // nobody searches, so nobody waits
    } else if (asked >= LEAST_ASKED) {
      judge(missing * ASKED_PER_MISSING >= asked, nowNanos);
      begin();
    }
  }

  boolean isCold() {
    return temperature.cold();
  }

  private void begin() {
    askedBefore = temperature.asked();
    missingBefore = temperature.missing();
  }

  private void judge(boolean cold, long nowNanos) {
    if (cold) {
      pauseNanos = FIRST_PAUSE_NANOS;
      return;
    }
    temperature.setCold(false);
    paused = true;
    pausedAtNanos = nowNanos;
    pauseNanos = Math.min(2 * pauseNanos, LONGEST_PAUSE_NANOS);
  }
}
