package io.firn;

import io.firn.search.Segment;
import io.firn.search.SegmentView;

/**
 * Sizes of one segment of a collection at one moment.
 *
 * @param id number of its files, 0 if it has none: then its rows are in memory and in LMDB
 * @param rows in it, dead ones included
 * @param memoryBytes native memory and heap allocated for it
 * @param mappedBytes of its files that are mapped: memory that the system fills and empties
 * @param residentBytes of the mapped bytes that are in memory now, -1 where the system does not
 *     tell
 * @param diskBytes of its files
 */
public record SegmentStats(
    long id, int rows, long memoryBytes, long mappedBytes, long residentBytes, long diskBytes) {

  static SegmentStats of(SegmentView seen) {
    Segment segment = seen.segment();
    return new SegmentStats(
        segment.segmentId().orElse(0),
        seen.rowCount(),
        segment.memoryBytes(),
        segment.mappedBytes(),
        segment.residentBytes(),
        segment.diskBytes());
  }
}
