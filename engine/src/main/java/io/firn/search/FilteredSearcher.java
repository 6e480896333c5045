package io.firn.search;

import io.firn.search.Searcher.Found;
import java.util.function.IntPredicate;

/**
 * One search at a time over those rows of a view that a test allows. Each segment's walk is trusted
 * only if it met clearly more allowed rows than are wanted; else it is repeated with more
 * candidates, and in the end every row is compared. So exactly as many rows come back as there are,
 * up to the number wanted, however few they are and wherever they lie. For one thread.
 */
public final class FilteredSearcher {

  private static final int SCAN_BLOCK = 256;

  /** How much wider the next walk is: the walks before the last cost little beside it. */
  private static final int WIDER = 8;

  /** Above a quarter of the rows, comparing all of them is faster, and exact. */
  private static final int ROWS_PER_CANDIDATE = 4;

  private final WalkScratch scratch;
  private final NearestRows nearest = new NearestRows();
  private int[] ordinals = new int[SCAN_BLOCK];
  private float[] distances = new float[SCAN_BLOCK];

  FilteredSearcher(WalkScratch scratch) {
    this.scratch = scratch;
  }

  /**
   * The {@code k} nearest live rows that are allowed, or all if there are fewer.
   *
   * @param ef candidates of the first walk, at least {@code k}; {@link Integer#MAX_VALUE} compares
   *     every allowed row
   * @param allowed asked about live rows by their numbers, possibly more than once
   */
  public Found search(CollectionView view, float[] query, int k, int ef, IntPredicate allowed) {
    int wanted = (int) Math.min(k, view.liveRows());
    nearest.reset(wanted);
    if (wanted > 0) {
      float[] padded = view.layout().padded(query);
      for (SegmentView seen : view.segments()) {
        searchSegment(view, seen, padded, wanted, ef, allowed);
      }
    }
    return Searcher.found(view, nearest);
  }

  private void searchSegment(
      CollectionView view,
      SegmentView seen,
      float[] query,
      int wanted,
      int ef,
      IntPredicate allowed) {
    Segment segment = seen.segment();
    int linked = Math.min(segment.linked(), seen.rowCount());
    IntPredicate accept =
        node -> {
          if (node >= linked) {
            return false; // later ones are scanned
          }
          int rowNumber = segment.rowNumber(node);
          return view.alive(rowNumber) && allowed.test(rowNumber);
        };
    long width = ef;
    int found = -1;
    while (found < 0 && width * ROWS_PER_CANDIDATE < linked) {
      found = walk(segment, query, wanted, (int) width, accept);
      width = segment instanceof FreshSegment ? linked : width * WIDER; // that one met all it can
    }
    if (found < 0) {
      scan(view, seen, query, 0, allowed);
      return;
    }
    for (int i = 0; i < found; i++) {
      nearest.offer(distances[i], segment.rowNumber(ordinals[i]));
    }
    scan(view, seen, query, linked, allowed);
  }

  /** How many rows a walk found, or -1 if too few to be sure that they are the nearest. */
  private int walk(Segment segment, float[] query, int wanted, int width, IntPredicate accept) {
    if (ordinals.length < width) {
      ordinals = new int[width];
      distances = new float[width];
    }
    int count = segment.walk(scratch, query, wanted, width, accept, ordinals, distances);
    return count >= Math.min(2L * wanted, width) ? count : -1;
  }

  /** Offers every allowed live row of a segment from an ordinal on. */
  private void scan(
      CollectionView view, SegmentView seen, float[] query, int from, IntPredicate allowed) {
    Segment segment = seen.segment();
    int count = 0;
    for (int ordinal = from; ordinal < seen.rowCount(); ordinal++) {
      int rowNumber = segment.rowNumber(ordinal);
      if (view.alive(rowNumber) && allowed.test(rowNumber)) {
        ordinals[count++] = ordinal;
      }
      if (count == SCAN_BLOCK) {
        compare(view, segment, query, count);
        count = 0;
      }
    }
    compare(view, segment, query, count);
  }

  private void compare(CollectionView view, Segment segment, float[] query, int count) {
    Distances.many(view.layout(), query, segment.rows(), ordinals, distances, count);
    for (int i = 0; i < count; i++) {
      nearest.offer(distances[i], segment.rowNumber(ordinals[i]));
    }
  }
}
