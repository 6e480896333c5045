package io.firn.tier;

import io.firn.Tier;
import io.firn.search.Temperature;

/** Where one segment lies, and what is known of its searches. For one thread. */
final class Placed {

  /** After so long a change of the searches is seen by two thirds. */
  private static final double MEMORY_NANOS = 60e9;

  /** Of what searches asked for, a look forgets so much: some two seconds are remembered. */
  private static final double FORGOTTEN = 0.1;

  private static final long NEVER_NANOS = 1L << 62; // ago

  private final Temperature temperature;
  private final ColdWatch watch;
  private final TierRules rules;
  private final Rereads rereads;
  private final long hotBytes;
  private final long compactBytes;
  private long searchesBefore;
  private long askedBefore;
  private long missingBefore;
  private double askedLately;
  private double missingLately;
  private long lookedAtNanos;
  private long searchedAtNanos;
  private long notColdAtNanos; // the last time
  private long movedAtNanos;
  private boolean moved;
  private boolean warm;
  private boolean failed;
  private boolean givenUp;
  private double searchesPerSecond; // decayed

  /**
   * A segment.
   *
   * @param hotBytes of its files
   * @param compactBytes of its compact form
   */
  Placed(
      Temperature temperature, long hotBytes, long compactBytes, TierRules rules, long nowNanos) {
    this.temperature = temperature;
    this.watch = new ColdWatch(temperature);
    this.rules = rules;
    this.rereads = new Rereads(rules);
    this.hotBytes = hotBytes;
    this.compactBytes = compactBytes;
    this.searchesBefore = temperature.searches();
    this.askedBefore = temperature.asked();
    this.missingBefore = temperature.missing();
    this.lookedAtNanos = nowNanos;
    this.searchedAtNanos = nowNanos - NEVER_NANOS;
    this.notColdAtNanos = nowNanos;
  }

  /** Takes in what searches did since the last look. */
  void look(boolean reading, long nowNanos) {
    watch.look(reading, nowNanos);
    long searches = temperature.searches();
    double nanos = Math.max(1, nowNanos - lookedAtNanos);
    double now = (searches - searchesBefore) * 1e9 / nanos;
    searchesPerSecond += (now - searchesPerSecond) * -Math.expm1(-nanos / MEMORY_NANOS);
    searchedAtNanos = searches == searchesBefore ? searchedAtNanos : nowNanos;
    notColdAtNanos = temperature.cold() ? notColdAtNanos : nowNanos;
    searchesBefore = searches;
    lookedAtNanos = nowNanos;
    if (isWaiting()) {
      rereads.lost(nowNanos);
    }
    count(temperature.asked(), temperature.missing());
  }

  private void count(long asked, long missing) {
    askedLately += asked - askedBefore - FORGOTTEN * askedLately;
    missingLately += missing - missingBefore - FORGOTTEN * missingLately;
    askedBefore = asked;
    missingBefore = missing;
  }

  /** The share of the places that searches asked for lately that was not in memory, 0..1. */
  double missingShare() {
    return askedLately < 1 ? 0 : missingLately / askedLately;
  }

  Tier tier() {
    return warm ? Tier.WARM : isCold() ? Tier.COLD : Tier.HOT;
  }

  boolean isCold() {
    return temperature.cold();
  }

  /** True if searches wait for the disk, and not just since now. */
  boolean isWaiting() {
    return isCold() && lookedAtNanos - notColdAtNanos >= rules.settleNanos();
  }

  /** How long nobody has searched it. */
  long idleNanos() {
    return lookedAtNanos - searchedAtNanos;
  }

  /** True if it was brought where it is so lately. */
  boolean isMovedWithin(long nanos) {
    return moved && lookedAtNanos - movedAtNanos < nanos;
  }

  /** True if its form was given up so lately. */
  boolean isGivenUpWithin(long nanos) {
    return givenUp && lookedAtNanos - movedAtNanos < nanos;
  }

  /** When all its files may be read again. */
  Rereads rereads() {
    return rereads;
  }

  /** True if they may be read now. */
  boolean isReadDue() {
    return rereads.isDue(lookedAtNanos);
  }

  /** True if it could not be brought elsewhere, so lately. */
  boolean isFailedWithin(long nanos) {
    return failed && lookedAtNanos - movedAtNanos < nanos;
  }

  /** From now on searches must show anew that they wait. */
  void moved(Tier to, long nowNanos) {
    moved = true;
    failed = false;
    warm = to == Tier.WARM;
    givenUp = to == Tier.COLD;
    movedAtNanos = nowNanos;
    notColdAtNanos = nowNanos;
  }

  void failed(long nowNanos) {
    failed = true;
    movedAtNanos = nowNanos;
  }

  double searchesPerSecond() {
    return searchesPerSecond;
  }

  /** What a byte of its compact form is worth. */
  double density() {
    return searchesPerSecond / compactBytes;
  }

  long hotBytes() {
    return hotBytes;
  }

  long compactBytes() {
    return compactBytes;
  }

  /** What is known of its searches, in words. */
  String words() {
    return "%.0f searches a second, of whose records and rows %.1f %% were not in memory lately"
        .formatted(searchesPerSecond, 100 * missingShare());
  }
}
