package io.firn.search;

import io.firn.CollectionSpec;
import io.firn.Tier;
import io.firn.hnsw.HnswGraph;
import io.firn.hnsw.HnswParams;
import io.firn.hnsw.NodeDistances;
import io.firn.hnsw.NodeLinks;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows in native memory with a graph that grows behind them. The writer thread appends and
 * publishes rows; the indexer thread links them; a search walks the graph over what is linked and
 * scans the rest.
 */
public final class FreshSegment implements Segment {

  private final RowLayout layout;
  private final int firstRowNumber;
  private final int @Nullable [] rowNumbers;
  private final RowSlab slab;
  private final HnswGraph graph;
  private final NodeDistances distances;
  private int appended;
  private volatile int published;
  private volatile long checkpointId;
  private volatile int checkpointRows;

  /** A segment whose rows are numbered from {@code firstRowNumber} without gaps. */
  public FreshSegment(CollectionSpec spec, int firstRowNumber, @Nullable HnswGraph checkpoint) {
    this(spec, firstRowNumber, null, checkpoint);
  }

  /** A segment of given rows, ascending; they are still to be appended, in that order. */
  public FreshSegment(CollectionSpec spec, int[] rowNumbers) {
    this(spec, 0, rowNumbers, null);
  }

  private FreshSegment(
      CollectionSpec spec,
      int firstRowNumber,
      int @Nullable [] rowNumbers,
      @Nullable HnswGraph checkpoint) {
    this.layout = new RowLayout(spec.dimension(), spec.metric());
    this.firstRowNumber = firstRowNumber;
    this.rowNumbers = rowNumbers;
    this.slab = new RowSlab(layout);
    this.graph =
        checkpoint != null
            ? checkpoint
            : new HnswGraph(new HnswParams(spec.m(), spec.efConstruction(), spec.seed()));
    this.distances = Distances.between(layout, slab);
  }

  /** Adds the next row, invisible until {@link #publish}. Writer thread only. */
  public void append(MemorySegment vectorBytes) {
    slab.append(vectorBytes);
    appended++;
  }

  /** Rows appended, published or not. Writer thread only. */
  public int appendedRows() {
    return appended;
  }

  /** Lets the indexer and new snapshots see the rows appended so far. Writer thread only. */
  public void publish() {
    published = appended;
  }

  /** Links one more published row; false if all are linked. Indexer thread only. */
  public boolean linkNext() {
    int node = graph.size();
    if (node >= published) {
      return false;
    }
    graph.insert(node, distances);
    return true;
  }

  /** Published rows that the graph does not know yet. */
  public int unlinked() {
    return Math.max(0, published - graph.size());
  }

  /** Notes that the graph of the first {@code rows} rows is in a file. */
  public void checkpointed(long segmentId, int rows) {
    checkpointRows = rows;
    checkpointId = segmentId;
  }

  /** Number of the checkpoint's file, 0 if there is none. */
  public long checkpointId() {
    return checkpointId;
  }

  /** Rows that the checkpoint's graph links. */
  public int checkpointRows() {
    return checkpointRows;
  }

  @Override
  public int size() {
    return published;
  }

  public int firstRowNumber() {
    return firstRowNumber;
  }

  @Override
  public int rowNumber(int ordinal) {
    return rowNumbers == null ? firstRowNumber + ordinal : rowNumbers[ordinal];
  }

  @Override
  public int ordinalOf(int rowNumber) {
    int ordinal =
        rowNumbers == null
            ? rowNumber - firstRowNumber
            : Arrays.binarySearch(rowNumbers, rowNumber);
    return ordinal >= 0 && ordinal < published ? ordinal : -1;
  }

  @Override
  public Rows rows() {
    return slab;
  }

  /** The graph over the rows linked so far. */
  public HnswGraph graph() {
    return graph;
  }

  @Override
  public NodeLinks links() {
    return graph;
  }

  @Override
  public int linked() {
    return graph.size();
  }

  @Override
  public boolean worthWalking(int ef) {
    return true;
  }

  @Override
  public int walk(
      WalkScratch scratch,
      float[] query,
      int k,
      int ef,
      IntPredicate accept,
      int[] ordinals,
      float[] distances) {
    int found =
        scratch
            .graphs()
            .search(
                graph,
                (nodes, into, count) -> Distances.many(layout, query, slab, nodes, into, count),
                Math.max(ef, k),
                accept,
                ordinals,
                distances);
    scratch.calm(scratch.graphs().calm(ordinals, Math.min(k, found)));
    return found;
  }

  @Override
  public Tier tier() {
    return Tier.HOT;
  }

  @Override
  public long memoryBytes() {
    return slab.allocatedBytes() + (long) graph.size() * layout0Bytes();
  }

  /** The graph's bytes per node: {@code 2m} links on the bottom layer and their count. */
  private long layout0Bytes() {
    return (2L * graph.params().m() + 1) * Integer.BYTES;
  }

  @Override
  public long mappedBytes() {
    return 0;
  }

  @Override
  public long residentBytes() {
    return 0;
  }

  @Override
  public long diskBytes() {
    return 0;
  }

  @Override
  public OptionalLong segmentId() {
    return OptionalLong.empty();
  }

  @Override
  public void supersede() {} // there are no files

  @Override
  public void release() {
    slab.close();
  }
}
