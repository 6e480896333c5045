package io.firn;

import io.firn.Explanation.SegmentPlan;
import io.firn.search.Allowed;
import io.firn.search.CollectionView;
import io.firn.search.Effort;
import io.firn.search.Searcher.Found;
import io.firn.write.Engine;
import io.firn.write.Fields;
import io.firn.write.Records;
import io.firn.write.RowId;
import io.firn.write.RowRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** One run of a {@link Search} in one view. */
final class SearchRun {

  /** Results asked for at first when a distance limits them, and by how much more at a time. */
  private static final int FIRST_RESULTS = 64;

  private static final int MORE = 4;

  /** Candidates for each result within a distance: the last ones must be as sure as the first. */
  private static final int WIDE = 4;

  private static final Found NOTHING = new Found(new int[0], new float[0]);

  /** A condition that is no {@link Filter}. */
  private interface RowTest {
    boolean passes(Records records, int rowNumber);
  }

  private final Search search;
  private final CollectionView view;
  private final Engine engine;
  private final @Nullable Watch watch;
  private final @Nullable SearchTrace trace;
  private final @Nullable Cursor after;
  private final float cursorDistance;
  private final float[] query; // padded

  /** A run; {@code trace}, if there is one, learns how it goes. */
  SearchRun(Search search, CollectionView view, @Nullable SearchTrace trace) {
    this.search = search;
    this.trace = trace;
    this.view = view;
    this.engine = search.collection().engine();
    this.watch = search.watch();
    this.after = search.after();
    this.query = view.layout().padded(search.query());
    this.cursorDistance = after == null ? 0 : distance(after);
  }

  /**
   * Of the row that a cursor names. Computed anew while there is one: a kernel's last bit changes
   * when C2 compiles it, and a row of the first page would show again on the second.
   */
  private float distance(Cursor cursor) {
    int rowNumber = cursor.rowNumber();
    return view.holds(rowNumber) ? view.distance(query, rowNumber) : cursor.distance();
  }

  List<Hit> run() {
    if (watch != null) {
      watch.look();
    }
    String field = search.groupField();
    return field == null ? hits(nearest(search.k(), null)) : bestPer(field);
  }

  /**
   * The nearest rows that pass everything the search asks, at most k. What the cursor and the
   * greatest distance cut away is asked for again, until there is enough or nothing left.
   */
  private Found nearest(int k, @Nullable RowTest besides) {
    boolean limited = search.maxDistance() < Float.POSITIVE_INFINITY;
    long ask =
        (after == null ? 0 : after.rank()) + (long) (limited ? Math.min(k, FIRST_RESULTS) : k);
    while (view.liveRows() > 0) {
      int asked = (int) Math.min(ask, view.liveRows());
      Effort effort = effort(asked, limited ? wide(asked) : asked, besides);
      Found found = find(asked, effort, besides);
      view.order(query, found.rowNumbers(), found.distances(), found.rowNumbers().length);
      Found kept = cut(found, k);
      int count = found.rowNumbers().length;
      boolean complete = count < asked || asked == view.liveRows();
      if (complete
          || kept.rowNumbers().length == k
          || found.distances()[count - 1] > search.maxDistance()) {
        return kept;
      }
      ask *= MORE;
    }
    return NOTHING;
  }

  /** Candidates of a search that a distance limits; those that no number can tell are all rows. */
  static int wide(int asked) {
    return (int) Math.min((long) WIDE * asked, Integer.MAX_VALUE);
  }

  /** Candidates as given, or for the recall asked for, which is known of plain searches only. */
  private Effort effort(int k, int least, @Nullable RowTest besides) {
    if (search.recall() == 0) {
      return search.effort(least);
    }
    boolean plain =
        besides == null
            && after == null
            && search.filter() == null
            && search.maxDistance() == Float.POSITIVE_INFINITY;
    int chosen = engine.efFor(search.collection().state(), search.query(), k, search.recall());
    return plain ? Effort.exactly(chosen) : Effort.untilCalm(Math.max(chosen, least));
  }

  private Found find(int k, Effort effort, @Nullable RowTest besides) {
    if (search.filter() != null || besides != null) {
      return engine
          .rows()
          .reading(search.collection().state(), view, records -> find(k, effort, records, besides));
    }
    if (after != null || watch != null || search.plan() != null) {
      return find(k, effort, new Allowed(null, this::inBounds, Allowed.ANY));
    }
    long startedAt = trace == null ? 0 : System.nanoTime();
    Found found =
        trace == null
            ? engine.search(view, query, k, effort)
            : engine.search(view, query, k, effort, trace::planned);
    searched(startedAt);
    return found;
  }

  private void searched(long startedAt) {
    if (trace != null) {
      trace.searched(System.nanoTime() - startedAt);
    }
  }

  private Found find(int k, Effort effort, Records records, @Nullable RowTest besides) {
    long startedAt = System.nanoTime();
    Filter filter = search.filter();
    Records.Prepared prepared =
        filter == null ? new Records.Prepared(null, null) : records.prepare(filter);
    if (trace != null) {
      trace.filtered(prepared, System.nanoTime() - startedAt);
    }
    IntPredicate test = after == null && watch == null ? Allowed.ANY : this::inBounds;
    IntPredicate record = Allowed.ANY;
    if (prepared.unindexed() != null) {
      record = records.matching(prepared.unindexed());
    }
    if (besides != null) {
      IntPredicate also = rowNumber -> besides.passes(records, rowNumber);
      record = record.equals(Allowed.ANY) ? also : record.and(also);
    }
    return find(k, effort, new Allowed(prepared.rows(), test, record));
  }

  private Found find(int k, Effort effort, Allowed allowed) {
    long startedAt = System.nanoTime();
    @Nullable Consumer<List<SegmentPlan>> plans = trace == null ? null : trace::planned;
    Found found = engine.search(view, query, k, effort, allowed, search.plan(), plans);
    searched(startedAt);
    return found;
  }

  private boolean isBehindCursor(float distance, int rowNumber) {
    return after == null
        || distance > cursorDistance
        || (distance == cursorDistance && rowNumber > after.rowNumber());
  }

  private boolean inBounds(int rowNumber) {
    return (after == null || rowNumber < after.rows()) && (watch == null || watch.goOn());
  }

  /** What lies behind the cursor and not too far away, at most k. */
  private Found cut(Found found, int k) {
    int count = found.rowNumbers().length;
    int from = 0;
    while (from < count && !isBehindCursor(found.distances()[from], found.rowNumbers()[from])) {
      from++;
    }
    int to = from;
    while (to < count && to - from < k && found.distances()[to] <= search.maxDistance()) {
      to++;
    }
    return new Found(
        java.util.Arrays.copyOfRange(found.rowNumbers(), from, to),
        java.util.Arrays.copyOfRange(found.distances(), from, to));
  }

  /** Asks for the nearest rows whose values are still missing, until no row has a new one. */
  private List<Hit> bestPer(String field) {
    Set<Object> seen = new HashSet<>();
    var best = new ArrayList<Hit>();
    Fields wanted = Fields.of(field);
    RowTest unseen =
        (records, rowNumber) -> {
          Object group = group(records.get(rowNumber, wanted), field);
          return group != null && !seen.contains(group);
        };
    while (best.size() < search.k()) {
      int missing = search.k() - best.size();
      Found found = nearest(Math.min(2 * missing, Search.MAX_K), unseen);
      if (found.rowNumbers().length == 0) {
        break;
      }
      addNew(found, field, seen, best);
    }
    return List.copyOf(best);
  }

  private void addNew(Found found, String field, Set<Object> seen, List<Hit> best) {
    List<RowRecord> records = records(found, Fields.of(field));
    List<Hit> hits = hits(found);
    for (int i = 0; i < hits.size() && best.size() < search.k(); i++) {
      if (seen.add(group(records.get(i), field))) {
        best.add(hits.get(i));
      }
    }
  }

  /** A value that is equal for equal numbers; null if the row is of no group. */
  private static @Nullable Object group(RowRecord record, String field) {
    return switch (record.metadata().get(field)) {
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p63 ->
          number.longValue();
      case List<?> _ -> null;
      case byte[] _ -> null;
      case null -> null;
      case Object value -> value;
    };
  }

  private List<RowRecord> records(Found found, Fields wanted) {
    return engine.rows().records(search.collection().state(), view, found.rowNumbers(), wanted);
  }

  private List<Hit> hits(Found found) {
    int[] rowNumbers = found.rowNumbers();
    boolean withMetadata = !search.wantedFields().none();
    List<RowRecord> records = withMetadata ? records(found, search.wantedFields()) : List.of();
    List<RowId> ids =
        withMetadata
            ? List.of()
            : engine.rows().ids(search.collection().state(), view, found.rowNumbers());
    int rank = after == null ? 0 : after.rank();
    int rows = after == null ? view.nextRowNumber() : after.rows();
    var hits = new ArrayList<Hit>(rowNumbers.length);
    for (int i = 0; i < rowNumbers.length; i++) {
      float @Nullable [] vector = search.vectorWanted() ? view.vector(rowNumbers[i]) : null;
      @Nullable Metadata metadata = withMetadata ? records.get(i).metadata() : null;
      var place = new Cursor(found.distances()[i], rowNumbers[i], rank + i + 1, rows);
      RowId id = withMetadata ? records.get(i).id() : ids.get(i);
      Tier tier = view.segmentOf(rowNumbers[i]).tier();
      hits.add(new Hit(id, place, tier, vector, metadata));
    }
    return List.copyOf(hits);
  }
}
