package io.firn.search;

import io.firn.hnsw.NodeScorer;
import io.firn.index.RowSet;
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
  private int count;

  RowScan(NearestRows nearest) {
    this.nearest = nearest;
  }

  /**
   * Offers every live row of a segment from an ordinal on.
   *
   * @param allowed which of them, or null for all
   * @return rows asked whether they are alive and allowed
   */
  long offer(
      CollectionView view, SegmentView seen, float[] query, int from, @Nullable Allowed allowed) {
    if (allowed != null && allowed.rows() != null) {
      return offerMembers(view, seen, query, from, allowed, allowed.rows(), null);
    }
    Segment segment = seen.segment();
    for (int ordinal = from; ordinal < seen.rowCount(); ordinal++) {
      int rowNumber = segment.rowNumber(ordinal);
      if (view.alive(rowNumber) && (allowed == null || allowed.test().test(rowNumber))) {
        add(view, segment, query, ordinal);
      }
    }
    compare(view, segment, query, null);
    return Math.max(0, seen.rowCount() - from);
  }

  /**
   * Compares all allowed rows of a sealed segment by their heads, and offers the nearest of them,
   * ranked by their vectors as after a walk.
   *
   * @param scratch of the heads
   * @return rows asked whether they are alive and allowed
   * @throws io.firn.FirnException.Corrupt if a record is damaged; then nothing was offered
   */
  long offerByHeads(FilteredWalk walk, SealedSegment segment, RowSet members, WalkScratch scratch) {
    nearestByHeads.reset(SealedSegment.ranked(walk.wanted()));
    CollectionView view = walk.view();
    float[] query = walk.query();
    NodeScorer heads = segment.heads(scratch, query);
    long asked = offerMembers(view, walk.seen(), query, 0, walk.allowed(), members, heads);
    int[] ranked = nearestByHeads.rowNumbers();
    float[] exact = nearestByHeads.distances();
    int wanted = Math.min(walk.wanted(), ranked.length);
    segment.rank(scratch, query, wanted, ranked.length, ranked, exact);
    for (int i = 0; i < ranked.length; i++) {
      nearest.offer(exact[i], segment.rowNumber(ranked[i]));
    }
    return asked;
  }

  private long offerMembers(
      CollectionView view,
      SegmentView seen,
      float[] query,
      int from,
      Allowed allowed,
      RowSet members,
      @Nullable NodeScorer heads) {
    Segment segment = seen.segment();
    long asked = 0;
    int found = seen.members(members, from, ordinals);
    while (found > 0) {
      asked += found;
      int next = ordinals[found - 1] + 1;
      count = passing(view, segment, allowed, found);
      compare(view, segment, query, heads);
      found = seen.members(members, next, ordinals);
    }
    return asked;
  }

  /** Drops those of the first ordinals that are dead or not allowed; how many are left. */
  private int passing(CollectionView view, Segment segment, Allowed allowed, int found) {
    if (!view.anyDead() && !allowed.asksMore()) {
      return found;
    }
    int kept = 0;
    for (int i = 0; i < found; i++) {
      int rowNumber = segment.rowNumber(ordinals[i]);
      if (view.alive(rowNumber) && allowed.test().test(rowNumber)) {
        ordinals[kept++] = ordinals[i];
      }
    }
    return kept;
  }

  private void add(CollectionView view, Segment segment, float[] query, int ordinal) {
    ordinals[count++] = ordinal;
    if (count == BLOCK_ROWS) {
      compare(view, segment, query, null);
    }
  }

  private void compare(
      CollectionView view, Segment segment, float[] query, @Nullable NodeScorer heads) {
    int ready = count;
    count = 0;
    if (heads == null) {
      Distances.many(view.layout(), query, segment.rows(), ordinals, distances, ready);
      for (int i = 0; i < ready; i++) {
        nearest.offer(distances[i], segment.rowNumber(ordinals[i]));
      }
    } else {
      heads.score(ordinals, distances, ready);
      for (int i = 0; i < ready; i++) {
        nearestByHeads.offer(distances[i], ordinals[i]);
      }
    }
  }
}
