package io.firn;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * All segments of a database that lie in one tier.
 *
 * @param rows in them, dead ones included
 * @param residentBytes of the mapped bytes, -1 where the system does not tell
 * @param searches as the other numbers, a sum of those in {@link SegmentStats}
 */
public record TierStats(
    Tier tier,
    int segments,
    long rows,
    long memoryBytes,
    long mappedBytes,
    long residentBytes,
    long diskBytes,
    long searches) {

  static TierStats of(Tier tier, List<CollectionStats> collections) {
    List<SegmentStats> in =
        collections.stream()
            .flatMap(collection -> collection.bySegment().stream())
            .filter(segment -> segment.tier() == tier)
            .toList();
    return new TierStats(
        tier,
        in.size(),
        sum(in, SegmentStats::rows),
        sum(in, SegmentStats::memoryBytes),
        sum(in, SegmentStats::mappedBytes),
        in.stream().anyMatch(segment -> segment.residentBytes() < 0)
            ? -1
            : sum(in, SegmentStats::residentBytes),
        sum(in, SegmentStats::diskBytes),
        sum(in, SegmentStats::searches));
  }

  private static long sum(List<SegmentStats> segments, ToLongFunction<SegmentStats> value) {
    return segments.stream().mapToLong(value).sum();
  }
}
