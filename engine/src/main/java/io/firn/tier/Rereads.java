package io.firn.tier;

/**
 * When all files of one segment may be read into memory again. Soon, if they stayed there: a system
 * may page out what nobody touched for a while although most of its memory is free. Seldom, if they
 * did not: others need the memory, whatever the budget says. For one thread.
 */
final class Rereads {

  private final TierRules rules;
  private long pauseNanos;
  private long readAtNanos;
  private boolean read;
  private boolean staying;

  Rereads(TierRules rules) {
    this.rules = rules;
    this.pauseNanos = rules.rereadNanos();
  }

  /**
   * All was read.
   *
   * @param arrived whether it was in memory then
   */
  void read(boolean arrived, long nowNanos) {
    read = true;
    readAtNanos = nowNanos;
    staying = arrived;
    pauseNanos = arrived ? pauseNanos : rules.idleNanos();
  }

  /** Searches wait for the disk: it did not stay, or not for longer than this. */
  void lost(long nowNanos) {
    if (staying) {
      staying = false;
      boolean soon = nowNanos - readAtNanos < rules.residencyNanos();
      pauseNanos = soon ? Math.min(2 * pauseNanos, rules.idleNanos()) : rules.rereadNanos();
    }
  }

  boolean isDue(long nowNanos) {
    return !read || nowNanos - readAtNanos >= pauseNanos;
  }

  /** True if it is due so soon that nothing else is worth the while. */
  boolean isSoon() {
    return pauseNanos <= rules.residencyNanos();
  }
}
