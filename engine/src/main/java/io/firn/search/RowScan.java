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
  private long asked;

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
        add(view, segment, query, ordinal, null);
      }
    }
    compare(view, segment, query, null);
    return Math.max(0, seen.rowCount() - from);
  }

  /**
   * Offers the nearest of all allowed rows of a sealed segment by their heads, as many as a walk
   * ranks by their vectors.
   *
   * @return rows asked whether they are alive and allowed
   * @throws io.firn.FirnException.Corrupt if a record is damaged; then nothing was offered
   */
  long offerByHeads(FilteredWalk walk, RowSet members, NodeScorer heads) {
    nearestByHeads.reset(SealedSegment.ranked(walk.wanted()));
    CollectionView view = walk.view();
    float[] query = walk.query();
    long asked = offerMembers(view, walk.seen(), query, 0, walk.allowed(), members, heads);
    int[] ranked = nearestByHeads.rowNumbers();
    float[] exact = nearestByHeads.distances();
    Segment segment = walk.segment();
    Distances.many(view.layout(), query, segment.rows(), ranked, exact, ranked.length);
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
    count = 0;
    asked = 0;
    Segment segment = seen.segment();
    seen.forEachMember(
        members,
        from,
        ordinal -> {
          asked++;
          int rowNumber = segment.rowNumber(ordinal);
          if (view.alive(rowNumber) && allowed.test().test(rowNumber)) {
            add(view, segment, query, ordinal, heads);
          }
        });
    compare(view, segment, query, heads);
    return asked;
  }

  private void add(
      CollectionView view,
      Segment segment,
      float[] query,
      int ordinal,
      @Nullable NodeScorer heads) {
    ordinals[count++] = ordinal;
    if (count == BLOCK_ROWS) {
      compare(view, segment, query, heads);
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
