package io.firn.search;

import java.util.function.IntPredicate;

/**
 * One search at a time over one collection view: each segment's graph, the rows no graph knows yet,
 * exact distances for all that comes back. Scratch memory is kept between searches; for one thread.
 */
public final class Searcher {

  private final WalkScratch scratch = new WalkScratch();
  private final NearestRows nearest = new NearestRows();
  private final RowScan scan = new RowScan(nearest);
  private final FilteredSearcher filtered = new FilteredSearcher(scratch, nearest, scan);
  private int[] ordinals = new int[0];
  private float[] distances = new float[0];

  /**
   * Rows found, nearest first.
   *
   * @param rowNumbers of the rows
   * @param distances as the user sees them, {@link Distances#shown}
   */
  public record Found(int[] rowNumbers, float[] distances) {}

  /** For searches of some of the rows; shares this searcher's scratch. */
  public FilteredSearcher filtered() {
    return filtered;
  }

  /**
   * The {@code k} nearest live rows, or all if there are fewer.
   *
   * @param ef candidates kept while walking a graph, at least {@code k}; {@link Integer#MAX_VALUE}
   *     scans every row
   */
  public Found search(CollectionView view, float[] query, int k, int ef) {
    int wanted = (int) Math.min(k, view.liveRows());
    float[] padded = view.layout().padded(query);
    nearest.reset(wanted);
    if (wanted > 0 && ef < view.liveRows()) {
      for (SegmentView segment : view.segments()) {
        searchSegment(view, segment, padded, wanted, ef);
      }
    }
    if (nearest.size() < wanted) { // the graphs did not lead to enough rows, or nobody asked them
      scanAll(view, padded, wanted);
    }
    return found(view, nearest);
  }

  private void searchSegment(
      CollectionView view, SegmentView seen, float[] query, int wanted, int ef) {
    Segment segment = seen.segment();
    int linked = segment.worthWalking(ef) ? Math.min(segment.linked(), seen.rowCount()) : 0;
    if (linked > 0) {
      reserve(ef);
      int count =
          segment.walk(
              scratch, query, wanted, ef, accepted(view, segment, linked), ordinals, distances);
      if (count < 0) {
        scan.offer(view, seen, query, 0, null);
        return;
      }
      for (int i = 0; i < count; i++) {
        nearest.offer(distances[i], segment.rowNumber(ordinals[i]));
      }
    }
    scan.offer(view, seen, query, linked, null);
  }

  private static IntPredicate accepted(CollectionView view, Segment segment, int linked) {
    if (segment instanceof SealedSegment && !view.anyDead()) {
      return _ -> true; // reading the row number of each node met took 3 % of a query
    }
    return node -> node < linked && view.alive(segment.rowNumber(node)); // later ones are scanned
  }

  private void scanAll(CollectionView view, float[] query, int wanted) {
    nearest.reset(wanted);
    for (SegmentView segment : view.segments()) {
      scan.offer(view, segment, query, 0, null);
    }
  }

  private void reserve(int ef) {
    if (ordinals.length < ef) {
      ordinals = new int[ef];
      distances = new float[ef];
    }
  }

  static Found found(CollectionView view, NearestRows nearest) {
    float[] shown = nearest.distances();
    for (int i = 0; i < shown.length; i++) {
      shown[i] = Distances.shown(view.spec().metric(), shown[i]);
    }
    return new Found(nearest.rowNumbers(), shown);
  }
}
