package io.firn.hnsw;

import java.lang.foreign.MemorySegment;

/**
 * An immutable graph read in place, from mapped or any other memory. Opening reads the header only;
 * every list is checked as it is read, so damaged bytes become a {@link CorruptGraphException} and
 * never a wild read.
 *
 * <p>All fields are little-endian. N is the size, d = 2m the slots of a list on layer 0. A list has
 * a fixed number of slots: used ones first, the others hold the node itself.
 *
 * <pre>
 * offset         bytes  field
 *      0             8  magic           "FIRNHNSW"
 *      8             4  version         1
 *     12             4  m
 *     16             4  efConstruction
 *     20             4  size            N
 *     24             8  seed
 *     32             8  entryPoint      level &lt;&lt; 32 | node; -1 if N = 0
 *     40             4  upperInts       U
 *     44            16  reserved        zero
 *     60             4  crc32c          of bytes 0..59
 *     64         4·d·N  layer 0         d slots per node; slot 0 of every node but 0 is its parent
 * 64+4dN           4·N  upperIndex      first int of the node's lists above layer 0, -1 if none
 * 64+4(d+1)N       4·U  upper lists     m slots for each layer 1..level, node after node
 * </pre>
 *
 * <p>Layer 0 starts at byte 64, so that with m = 16 each list is two cache lines if the bytes are
 * so aligned. The instance borrows the bytes: they must stay readable as long as it is used.
 */
public final class SealedGraph implements Graph {

  private static final int NO_UPPER = -1;

  private final MemorySegment bytes;
  private final GraphLayout layout;
  private final long entryPoint;
  private final int degree0;

  private SealedGraph(MemorySegment bytes, GraphLayout layout) {
    this.bytes = bytes;
    this.layout = layout;
    this.entryPoint = layout.readEntryPoint(bytes);
    this.degree0 = layout.params().maxDegree(0);
  }

  /**
   * Opens a graph written by {@link HnswGraph#writeTo}. Takes the same time for any size.
   *
   * @param bytes may be longer than the graph; borrowed
   * @throws CorruptGraphException if the header is damaged or the bytes are too few
   */
  public static SealedGraph open(MemorySegment bytes) {
    return new SealedGraph(bytes, GraphLayout.readHeader(bytes));
  }

  @Override
  public int size() {
    return layout.size();
  }

  @Override
  public HnswParams params() {
    return layout.params();
  }

  @Override
  public long entryPoint() {
    return entryPoint;
  }

  /** Bytes of the graph, header included. */
  public long byteSize() {
    return layout.byteSize();
  }

  @Override
  public int neighbours(int layer, int node, int[] into) {
    int degree = layer == 0 ? degree0 : layout.params().m();
    long at = layer == 0 ? layout.layer0At(node) : upperListAt(layer, node);
    MemorySegment.copy(bytes, GraphLayout.INT, at, into, 0, degree);
    for (int i = 0; i < degree; i++) {
      int neighbour = into[i];
      if (neighbour == node) {
        return i;
      }
      if (neighbour < 0 || neighbour >= layout.size()) {
        throw new CorruptGraphException(
            node, "a neighbour", "0.." + (layout.size() - 1), neighbour);
      }
    }
    return degree;
  }

  private long upperListAt(int layer, int node) {
    int index = upperIndex(node);
    int m = layout.params().m();
    if (index < 0 || index + (long) layer * m > layout.upperInts()) {
      String rule = "an index below %d with a layer %d".formatted(layout.upperInts(), layer);
      throw new CorruptGraphException(node, "the place of its upper lists", rule, index);
    }
    return layout.upperListsAt(index) + (layer - 1L) * m * Integer.BYTES;
  }

  private int upperIndex(int node) {
    return bytes.get(GraphLayout.INT, layout.upperIndexAt(node));
  }

  /**
   * Checks the whole structure, reading every byte once: places of lists, ids in range, no node
   * twice in a list, links only to nodes that exist on their layer, the entry point on the top
   * layer, and the tree by which layer 0 is connected.
   *
   * @throws CorruptGraphException naming the first damaged node found
   */
  public void validate() {
    requireUpperIndex();
    new GraphValidator(this).requireSound();
  }

  private void requireUpperIndex() {
    var levels = new LevelGenerator(params());
    long next = 0;
    for (int node = 0; node < size(); node++) {
      int ints = levels.level(node) * params().m();
      long expected = ints == 0 ? NO_UPPER : next;
      int found = upperIndex(node);
      if (found != expected) {
        throw new CorruptGraphException(node, "the place of its upper lists", "" + expected, found);
      }
      next += ints;
    }
    if (next != layout.upperInts()) {
      throw new CorruptGraphException(
          CorruptGraphException.NO_NODE, "upper ints", "" + next, layout.upperInts());
    }
  }
}
