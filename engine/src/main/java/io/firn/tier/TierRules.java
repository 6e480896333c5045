package io.firn.tier;

import java.time.Duration;

/**
 * How patient the placing of segments is.
 *
 * @param settleNanos that a segment must be cold, without a break, before anything is done for it
 * @param residencyNanos that a segment stays where it was brought
 * @param idleNanos without a search after which a form in memory is given up
 * @param rereadNanos until a segment that was read whole, and did not stay in memory, is read
 *     again; twice as long each time that it is lost within {@code residencyNanos}
 * @param worthShare share of the places that searches ask for that must be missing to make a
 *     compact form, whose walk takes twice the time of one in memory
 * @param advantage how many times as many searches for each byte a segment must have to take the
 *     place of another
 */
record TierRules(
    long settleNanos,
    long residencyNanos,
    long idleNanos,
    long rereadNanos,
    double worthShare,
    double advantage) {

  static final TierRules DEFAULT =
      new TierRules(
          Duration.ofSeconds(1).toNanos(),
          Duration.ofMinutes(1).toNanos(),
          Duration.ofMinutes(10).toNanos(),
          Duration.ofSeconds(10).toNanos(),
          1.0 / 32,
          2);
}
