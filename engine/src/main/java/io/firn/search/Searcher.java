package io.firn.search;

import io.firn.Explanation.SegmentPlan;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One search at a time over one collection view: each segment's graph, the rows no graph knows yet,
 * exact distances for all that comes back. Scratch memory is kept between searches; for one thread.
 */
public final class Searcher {

  /** Most searches fit: the first one that does not makes C2 compile the walk anew. */
  private static final int USUAL_EF = 1_024;

  /** Kept from search to search, so that none allocates its own. */
  private static final class Living implements IntPredicate {
    private @Nullable CollectionView view;
    private @Nullable Segment segment;
    private int linked; // later ones are scanned

    /** A searcher in its pool must not keep a segment that was closed, or its graph, in memory. */
    void forget() {
      view = null;
      segment = null;
    }

    @Override
    public boolean test(int node) {
      return node < linked
          && view != null
          && segment != null
          && view.alive(segment.rowNumber(node));
    }
  }

  private final Living living = new Living();
  private final WalkScratch scratch = new WalkScratch();
  private final NearestRows nearest = new NearestRows();
  private final RowScan scan = new RowScan(nearest);
  private @Nullable WalkNotes notes; // of a search that is explained
  private final FilteredSearcher filtered = new FilteredSearcher(scratch, nearest, scan);
  private int[] ordinals = new int[USUAL_EF];
  private float[] distances = new float[USUAL_EF];

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
   * @param effort if fewer candidates than {@code k} do not lead to as many rows, {@code k} are
   *     taken
   */
  public Found search(CollectionView view, float[] query, int k, Effort effort) {
    run(view, view.layout().padded(query), k, effort);
    return found(view, nearest);
  }

  /** The same; tells how each segment was searched. */
  public Found search(
      CollectionView view, float[] query, int k, Effort effort, Consumer<List<SegmentPlan>> plans) {
    var taken = new WalkNotes();
    notes = taken;
    try {
      return search(view, query, k, effort);
    } finally {
      notes = null;
      plans.accept(taken.plans());
    }
  }

  /**
   * The same without a result of its own, which {@link #take} copies: nothing is allocated.
   *
   * @param padded the query
   * @return how many rows were found
   */
  public int run(CollectionView view, float[] padded, int k, Effort effort) {
    try {
      return find(view, padded, k, effort);
    } finally {
      scratch.unpin();
    }
  }

  private int find(CollectionView view, float[] padded, int k, Effort effort) {
    int wanted = (int) Math.min(k, view.liveRows());
    walk(view, padded, wanted, effort, effort.ef());
    if (nearest.size() < wanted && effort.ef() < wanted) {
      walk(view, padded, wanted, effort, wanted);
    }
    if (nearest.size() < wanted) { // the graphs did not lead to enough rows, or nobody asked them
      scanAll(view, padded, wanted);
    }
    return nearest.size();
  }

  /**
   * Copies what the last {@link #run} found, nearest first, with distances as the user sees them.
   */
  public void take(CollectionView view, float[] padded, int[] rowNumbers, float[] distances) {
    nearest.copyTo(rowNumbers, distances);
    view.order(padded, rowNumbers, distances, nearest.size());
  }

  private void walk(CollectionView view, float[] query, int wanted, Effort effort, int ef) {
    nearest.reset(wanted);
    if (wanted > 0 && ef < view.liveRows()) {
      List<SegmentView> segments = view.segments();
      for (int i = 0; i < segments.size(); i++) {
        searchSegment(view, segments.get(i), query, wanted, effort, ef);
      }
    }
  }

  private void searchSegment(
      CollectionView view, SegmentView seen, float[] query, int wanted, Effort effort, int ef) {
    Segment segment = seen.segment();
    if (notes != null) {
      notes.begin(segment);
    }
    int linked = Math.min(segment.linked(), seen.rowCount());
    int count = linked > 0 ? walk(view, segment, query, wanted, effort, ef, linked) : -1;
    for (int i = 0; i < count; i++) {
      nearest.offer(distances[i], segment.rowNumber(ordinals[i]));
    }
    int from = count < 0 ? 0 : linked;
    if (from < seen.rowCount()) {
      scan.offer(view, seen, query, from, null);
    }
    if (notes != null) {
      notes.end(seen, from == 0);
    }
  }

  /** Walks wider and wider until it is calm enough; -1 if comparing every row is better. */
  private int walk(
      CollectionView view,
      Segment segment,
      float[] query,
      int wanted,
      Effort effort,
      int ef,
      int linked) {
    IntPredicate accept = accepted(view, segment, linked);
    int count = -1;
    int width = ef;
    do {
      if (!segment.worthWalking(width)) {
        count = -1;
        break;
      }
      reserve(Math.max(width, wanted));
      count = segment.walk(scratch, query, wanted, width, accept, ordinals, distances);
      if (notes != null) {
        notes.walked(width, segment instanceof SealedSegment ? scratch.hops() : 0);
      }
      width = count < 0 ? 0 : effort.wider(width, scratch.calm());
    } while (width > 0);
    living.forget();
    return count;
  }

  private IntPredicate accepted(CollectionView view, Segment segment, int linked) {
    if (segment instanceof SealedSegment && !view.anyDead()) {
      return _ -> true; // reading the row number of each node met took 3 % of a query
    }
    living.view = view;
    living.segment = segment;
    living.linked = linked;
    return living;
  }

  private void scanAll(CollectionView view, float[] query, int wanted) {
    nearest.reset(wanted);
    if (notes != null) {
      notes.forget();
    }
    for (SegmentView seen : view.segments()) {
      scanSegment(view, seen, query);
    }
  }

  private void scanSegment(CollectionView view, SegmentView seen, float[] query) {
    if (notes != null) {
      notes.begin(seen.segment());
    }
    scan.offer(view, seen, query, 0, null);
    if (notes != null) {
      notes.end(seen, true);
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
