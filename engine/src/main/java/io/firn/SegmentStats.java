package io.firn;

import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.SegmentView;

/**
 * Sizes of one segment of a collection at one moment, and what searches found.
 *
 * @param id number of its files, 0 if it has none: then its rows are in memory and in LMDB
 * @param rows in it, dead ones included
 * @param tier where it lies
 * @param memoryBytes native memory and heap allocated for it, and its compact form if it is warm
 * @param mappedBytes of its files that are mapped: memory that the system fills and empties
 * @param residentBytes of the mapped bytes that are in memory now, -1 where the system does not
 *     tell
 * @param diskBytes of its files
 * @param searches of it since the database was opened, 0 for one without files
 * @param asked records and vectors that these asked for ahead, as they do while some are missing
 * @param missing those of them that were not in memory
 */
public record SegmentStats(
    long id,
    int rows,
    Tier tier,
    long memoryBytes,
    long mappedBytes,
    long residentBytes,
    long diskBytes,
    long searches,
    long asked,
    long missing) {

  static SegmentStats of(SegmentView seen) {
    Segment segment = seen.segment();
    var temperature = segment instanceof SealedSegment sealed ? sealed.temperature() : null;
    return new SegmentStats(
        segment.segmentId().orElse(0),
        seen.rowCount(),
        segment.tier(),
        segment.memoryBytes(),
        segment.mappedBytes(),
        segment.residentBytes(),
        segment.diskBytes(),
        temperature == null ? 0 : temperature.searches(),
        temperature == null ? 0 : temperature.asked(),
        temperature == null ? 0 : temperature.missing());
  }
}
