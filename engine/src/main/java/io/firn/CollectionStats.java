package io.firn;

import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.Segment;
import io.firn.search.SegmentView;

/**
 * Sizes of a collection at one moment.
 *
 * @param rows alive
 * @param deadRows deleted or replaced rows that still take space until {@link Collection#optimize}
 * @param segments parts that a search visits
 * @param sealedRows rows in segment files; the others are in memory and in LMDB
 * @param unlinkedRows rows that the graph does not know yet: a search scans them
 * @param memoryBytes native memory and heap allocated for rows and graphs; mapped files not counted
 * @param diskBytes of segment files
 */
public record CollectionStats(
    long rows,
    long deadRows,
    int segments,
    long sealedRows,
    long unlinkedRows,
    long memoryBytes,
    long diskBytes) {

  static CollectionStats of(CollectionView view) {
    long all = 0;
    long sealed = 0;
    long unlinked = 0;
    long memory = 0;
    long disk = 0;
    int segments = 0;
    for (SegmentView seen : view.segments()) {
      Segment segment = seen.segment();
      all += seen.rowCount();
      segments += seen.rowCount() > 0 ? 1 : 0;
      memory += segment.memoryBytes();
      disk += segment.diskBytes();
      if (segment instanceof FreshSegment fresh) {
        unlinked += fresh.unlinked();
      } else {
        sealed += seen.rowCount();
      }
    }
    return new CollectionStats(
        view.liveRows(), all - view.liveRows(), segments, sealed, unlinked, memory, disk);
  }
}
