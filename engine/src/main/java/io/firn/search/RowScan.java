package io.firn.search;

import io.firn.hnsw.NodeScorer;
import io.firn.index.RowSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows with a query one by one, in blocks, and keeps the nearest. Its scratch memory is
 * kept between searches; for one thread.
 */
final class RowScan {

  private static final int BLOCK_ROWS = 256;

  private final NearestRows nearest;
  private final NearestRows nearestByHeads = new NearestRows(); // ordinals in place of row numbers
  private final int[] ordinals = new int[BLOCK_ROWS];
  private final float[] distances = new float[BLOCK_ROWS];
  private long recordsAsked;

  RowScan(NearestRows nearest) {
    this.nearest = nearest;
  }

  /**
   * Offers every live row of a segment from an ordinal on.
   *
   * @param allowed which of them, or null for all
   * @return rows asked whether they pass: those that indexes allow or, if records say more, those
   *     whose records were asked
   */
  long offer(
      CollectionView view, SegmentView seen, float[] query, int from, @Nullable Allowed allowed) {
    return offer(view, seen, query, from, allowed, null);
  }

  /**
   * Compares all allowed rows of a sealed segment by their heads, and offers the nearest of them,
   * ranked by their vectors as after a walk.
   *
   * @param scratch of the heads
   * @return as {@link #offer}
   * @throws io.firn.FirnException.Corrupt if a record is damaged; then nothing was offered
   */
  long offerByHeads(FilteredWalk walk, SealedSegment segment, WalkScratch scratch) {
    nearestByHeads.reset(SealedSegment.ranked(walk.wanted()));
    float[] query = walk.query();
    NodeScorer heads = segment.heads(scratch, query);
    long asked = offer(walk.view(), walk.seen(), query, 0, walk.allowed(), heads);
    int[] ranked = nearestByHeads.rowNumbers();
    float[] exact = nearestByHeads.distances();
    int wanted = Math.min(walk.wanted(), ranked.length);
    segment.rank(scratch, query, wanted, ranked.length, ranked, exact);
    for (int i = 0; i < ranked.length; i++) {
      nearest.offer(exact[i], segment.rowNumber(ranked[i]));
    }
    return asked;
  }

  private long offer(
      CollectionView view,
      SegmentView seen,
      float[] query,
      int from,
      @Nullable Allowed allowed,
      @Nullable NodeScorer heads) {
    Segment segment = seen.segment();
    RowSet members = allowed == null ? null : allowed.rows();
    IntPredicate record = allowed == null ? Allowed.ANY : allowed.record();
    long asked = 0;
    recordsAsked = 0;
    int found = next(seen, members, from);
    while (found > 0) {
      asked += found;
      int next = ordinals[found - 1] + 1;
      int ready = passing(view, segment, allowed, found);
      if (heads == null) {
        compare(view, segment, query, ready, record);
      } else {
        compareHeads(segment, heads, ready, record);
      }
      found = next(seen, members, next);
    }
    return record.equals(Allowed.ANY) ? asked : recordsAsked;
  }

  /** Brings the next block of rows, dead ones too; how many. */
  private int next(SegmentView seen, @Nullable RowSet members, int from) {
    if (members != null) {
      return seen.members(members, from, ordinals);
    }
    int found = Math.clamp((long) seen.rowCount() - from, 0, BLOCK_ROWS);
    for (int i = 0; i < found; i++) {
      ordinals[i] = from + i;
    }
    return found;
  }

  /**
   * Drops those of the first ordinals that are dead or not allowed, but for what their records say;
   * how many are left.
   */
  private int passing(CollectionView view, Segment segment, @Nullable Allowed allowed, int found) {
    IntPredicate test = allowed == null ? Allowed.ANY : allowed.test();
    if (!view.anyDead() && test.equals(Allowed.ANY)) {
      return found;
    }
    int kept = 0;
    for (int i = 0; i < found; i++) {
      int rowNumber = segment.rowNumber(ordinals[i]);
      if (view.alive(rowNumber) && test.test(rowNumber)) {
        ordinals[kept++] = ordinals[i];
      }
    }
    return kept;
  }

  /** Only of rows that would be kept the record is asked. */
  private void compare(
      CollectionView view, Segment segment, float[] query, int ready, IntPredicate record) {
    Distances.many(view.layout(), query, segment.rows(), ordinals, distances, ready);
    for (int i = 0; i < ready; i++) {
      int rowNumber = segment.rowNumber(ordinals[i]);
      if (nearest.takes(distances[i], rowNumber) && asks(record, rowNumber)) {
        nearest.offer(distances[i], rowNumber);
      }
    }
  }

  private void compareHeads(Segment segment, NodeScorer heads, int ready, IntPredicate record) {
    heads.score(ordinals, distances, ready);
    for (int i = 0; i < ready; i++) {
      if (nearestByHeads.takes(distances[i], ordinals[i])
          && asks(record, segment.rowNumber(ordinals[i]))) {
        nearestByHeads.offer(distances[i], ordinals[i]);
      }
    }
  }

  private boolean asks(IntPredicate record, int rowNumber) {
    recordsAsked++;
    return record.test(rowNumber);
  }
}
