package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.index.FieldIndex;
import io.firn.index.FilterCache;
import io.firn.search.CollectionView;
import io.firn.search.Deletions;
import io.firn.search.FreshSegment;
import io.firn.search.PlanCosts;
import io.firn.search.RecallCalibration;
import io.firn.search.Revisions;
import io.firn.search.Segment;
import io.firn.search.SegmentView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A collection as the writer thread knows it. Only the writer changes it; other threads read the
 * final fields, and everything else through a snapshot.
 */
public final class CollectionState {

  private final int number;
  private final String name;
  private final CollectionSpec spec;
  private final Deletions deletions = new Deletions();
  private final Revisions revisions = new Revisions();
  private final PlanCosts costs;
  private final RecallCalibration calibration = new RecallCalibration();
  private final Map<List<String>, FieldIndex> indexes = new ConcurrentHashMap<>();
  private final List<FieldIndex> dropped = new CopyOnWriteArrayList<>();
  private final FilterCache filters = new FilterCache();
  private final List<Segment> settled = new ArrayList<>(); // frozen and sealed, oldest first
  private FreshSegment fresh;
  private int nextRowNumber;
  private long liveRows;
  private boolean loading;

  public CollectionState(int number, String name, CollectionSpec spec) {
    this.number = number;
    this.name = name;
    this.spec = spec;
    this.costs = new PlanCosts(spec.dimension());
    this.fresh = new FreshSegment(spec, 0, null);
  }

  public int number() {
    return number;
  }

  public String name() {
    return name;
  }

  public CollectionSpec spec() {
    return spec;
  }

  public Deletions deletions() {
    return deletions;
  }

  /** Declared indexes by their fields; added by the writer and by recovery. */
  public Map<List<String>, FieldIndex> indexes() {
    return indexes;
  }

  /** Indexes whose entries are still to be removed; added by the writer and by recovery. */
  public List<FieldIndex> dropped() {
    return dropped;
  }

  /** Every field that an index reads. */
  public Fields indexedFields() {
    return new Fields(indexes.keySet().stream().flatMap(List::stream).collect(Collectors.toSet()));
  }

  /** What the latest filters said. */
  public FilterCache filters() {
    return filters;
  }

  /** What searches found out of their recall. */
  public RecallCalibration calibration() {
    return calibration;
  }

  Revisions revisions() {
    return revisions;
  }

  /** What recovery found; before any thread but the opening one knows the collection. */
  public void restore(Stored stored, List<Segment> sealed, FreshSegment rows) {
    nextRowNumber = stored.nextRowNumber();
    liveRows = stored.liveRows();
    settled.addAll(sealed);
    fresh.release();
    fresh = rows;
  }

  FreshSegment fresh() {
    return fresh;
  }

  int takeRowNumber() {
    return nextRowNumber++;
  }

  int nextRowNumber() {
    return nextRowNumber;
  }

  void countLive(int difference) {
    liveRows += difference;
  }

  /** Starts a new fresh segment; the old one waits among the settled. */
  void freeze() {
    settled.add(fresh);
    fresh = new FreshSegment(spec, nextRowNumber, null);
  }

  /** Puts one segment, or none, where others were. */
  void replace(List<Segment> replaced, @Nullable Segment replacement) {
    int at = settled.indexOf(replaced.getFirst());
    settled.removeAll(replaced);
    if (replacement != null) {
      settled.add(at, replacement);
    }
  }

  /** True while a load is under way and nobody else may write rows. */
  boolean loading() {
    return loading;
  }

  void setLoading(boolean underWay) {
    loading = underWay;
  }

  /**
   * Takes over the segments of a load, whose rows were numbered from the next number on.
   *
   * @return the fresh segment so far, which is empty; another one follows the loaded rows
   */
  FreshSegment append(List<? extends Segment> loaded, int rows, long newRows) {
    settled.addAll(loaded);
    nextRowNumber += rows;
    liveRows += newRows;
    FreshSegment empty = fresh;
    fresh = new FreshSegment(spec, nextRowNumber, null);
    return empty;
  }

  CollectionView view(long sequence) {
    var segments = new ArrayList<SegmentView>(settled.size() + 1);
    for (Segment segment : settled) {
      segments.add(new SegmentView(segment, segment.size()));
    }
    segments.add(new SegmentView(fresh, fresh.size()));
    return new CollectionView(
        spec,
        sequence,
        nextRowNumber,
        liveRows,
        List.copyOf(segments),
        deletions,
        revisions,
        costs);
  }

  Stored stored() {
    return new Stored(nextRowNumber, liveRows, fresh.checkpointId(), fresh.checkpointRows());
  }

  /** What {@link #stored} will be after {@link #append}. */
  Stored storedAfter(int rows, long newRows) {
    return new Stored(nextRowNumber + rows, liveRows + newRows, 0, 0);
  }

  /**
   * A collection's counters in the state table, big-endian.
   *
   * <pre>
   * offset  bytes  field
   *      0      4  nextRowNumber   row numbers below it are given
   *      4      8  liveRows
   *     12      8  checkpointId    segment id of the graph checkpoint's file, 0 if none
   *     20      4  checkpointRows  fresh rows that the checkpoint's graph links
   * </pre>
   */
  public record Stored(int nextRowNumber, long liveRows, long checkpointId, int checkpointRows) {

    byte[] encode() {
      return ByteBuffer.allocate(24)
          .putInt(nextRowNumber)
          .putLong(liveRows)
          .putLong(checkpointId)
          .putInt(checkpointRows)
          .array();
    }

    public static Stored decode(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      return new Stored(in.getInt(), in.getLong(), in.getLong(), in.getInt());
    }
  }
}
