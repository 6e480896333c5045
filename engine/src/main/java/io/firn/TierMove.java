package io.firn;

import java.time.Instant;

/**
 * A segment that was brought from one tier to another.
 *
 * @param at when it was done
 * @param segmentId as {@link SegmentStats#id}
 * @param why what was known then
 */
public record TierMove(Instant at, long segmentId, Tier from, Tier to, String why) {

  @Override
  public String toString() {
    return "%s segment %d from %s to %s: %s".formatted(at, segmentId, from, to, why);
  }
}
