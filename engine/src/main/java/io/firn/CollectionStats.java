package io.firn;

import io.firn.index.FieldIndex;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.SegmentView;
import io.firn.write.CollectionState;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Sizes of a collection at one moment.
 *
 * @param rows alive
 * @param deadRows deleted or replaced rows that still take space until {@link Collection#optimize}
 * @param segments parts that a search visits
 * @param sealedRows rows in segment files; the others are in memory and in LMDB
 * @param unlinkedRows rows that the graph does not know yet: a search scans them
 * @param memoryBytes native memory and heap allocated for rows, graphs and metadata indexes; mapped
 *     files not counted
 * @param mappedBytes of segment files that are mapped
 * @param residentBytes of the mapped bytes that are in memory now, -1 where the system does not
 *     tell
 * @param diskBytes of segment files
 * @param bySegment the same for each segment that has rows, oldest first, without indexes
 * @param recalls what is known of searches by {@link Search#recall}, by number of results
 */
public record CollectionStats(
    long rows,
    long deadRows,
    int segments,
    long sealedRows,
    long unlinkedRows,
    long memoryBytes,
    long mappedBytes,
    long residentBytes,
    long diskBytes,
    List<SegmentStats> bySegment,
    List<RecallEstimate> recalls) {

  static CollectionStats of(CollectionState state, CollectionView view) {
    List<SegmentStats> all = view.segments().stream().map(SegmentStats::of).toList();
    List<SegmentStats> filled = all.stream().filter(segment -> segment.rows() > 0).toList();
    return new CollectionStats(
        view.liveRows(),
        sum(all, SegmentStats::rows) - view.liveRows(),
        filled.size(),
        sum(all, SegmentStats::rows) - fresh(view, SegmentView::rowCount),
        fresh(view, CollectionStats::unlinked),
        sum(all, SegmentStats::memoryBytes) + indexBytes(state),
        sum(all, SegmentStats::mappedBytes),
        all.stream().anyMatch(segment -> segment.residentBytes() < 0)
            ? -1
            : sum(all, SegmentStats::residentBytes),
        sum(all, SegmentStats::diskBytes),
        filled,
        state.calibration().estimates());
  }

  private static long indexBytes(CollectionState state) {
    long columns = state.indexes().values().stream().mapToLong(FieldIndex::bytes).sum();
    return columns + state.filters().bytes();
  }

  private static long sum(List<SegmentStats> segments, ToLongFunction<SegmentStats> value) {
    return segments.stream().mapToLong(value).sum();
  }

  private static long fresh(CollectionView view, ToLongFunction<SegmentView> value) {
    return view.segments().stream()
        .filter(seen -> seen.segment() instanceof FreshSegment)
        .mapToLong(value)
        .sum();
  }

  private static long unlinked(SegmentView seen) {
    return seen.segment() instanceof FreshSegment fresh ? fresh.unlinked() : 0;
  }
}
