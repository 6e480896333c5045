package io.firn.hnsw;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A hierarchical navigable small-world graph on the heap that grows by {@link #insert}. One thread
 * writes; any thread reads without a lock.
 *
 * <p>Beyond the paper, layer 0 carries a tree: every node but node 0 keeps a link to its
 * <i>parent</i>, the nearest earlier node with room, and that parent keeps the link back. No
 * shrinking drops these links, so every node can be reached from every other whatever the data,
 * duplicates included, and a search with {@code ef = size()} is exact.
 *
 * <p>Concurrency. Links are rewritten in place, int by int. A slot holds a valid node from the
 * moment its list can be read, unused slots hold the node itself, and the writer fences between
 * filling a node's own lists and linking to it; a reader may thus miss or repeat a neighbour while
 * a list is rewritten, and nothing worse.
 */
public final class HnswGraph implements Graph, NodeLinks {

  private static final VarHandle SIZE;
  private static final VarHandle ENTRY_POINT;

  static {
    try {
      var lookup = MethodHandles.lookup();
      SIZE = lookup.findVarHandle(HnswGraph.class, "size", int.class);
      ENTRY_POINT = lookup.findVarHandle(HnswGraph.class, "entryPoint", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final HnswParams params;
  private final LinkChunks links;
  private final Insertion insertion;

  @SuppressWarnings("unused") // through SIZE
  private int size;

  @SuppressWarnings("unused") // through ENTRY_POINT
  private long entryPoint = NO_ENTRY;

  /** Creates an empty graph. */
  public HnswGraph(HnswParams params) {
    this.params = params;
    this.links = new LinkChunks(params);
    this.insertion = new Insertion(this, links);
  }

  @Override
  public int size() {
    return (int) SIZE.getAcquire(this);
  }

  @Override
  public HnswParams params() {
    return params;
  }

  @Override
  public long entryPoint() {
    return (long) ENTRY_POINT.getAcquire(this);
  }

  @Override
  public int degree() {
    return params().maxDegree(0);
  }

  @Override
  public int neighbours(int node, int[] into) {
    return neighbours(0, node, into);
  }

  @Override
  public int neighbours(int layer, int node, int[] into) {
    return links.read(layer, node, into);
  }

  /**
   * Links a new node (the paper's Alg. 1). Only the writer thread may call this.
   *
   * <p>If {@code distances} throws, the exception is passed on, the node is not counted in {@link
   * #size}, readers go on, and the writer must insert the same node again or give the graph up.
   *
   * @param node {@code size()}: nodes come as 0, 1, 2, …
   * @param distances asked about this node and nodes before it
   * @throws IllegalArgumentException if {@code node} is not {@code size()}
   */
  public void insert(int node, NodeDistances distances) {
    if (node != size()) {
      throw new IllegalArgumentException(
          "node must be %d but is %d: nodes are inserted in order, each once. Insert the next one."
              .formatted(size(), node));
    }
    int level = insertion.link(node, distances);
    SIZE.setRelease(this, node + 1);
    long entry = entryPoint();
    if (entry == NO_ENTRY || level > entry >>> 32) {
      ENTRY_POINT.setRelease(this, ((long) level << 32) | node);
    }
  }

  /**
   * Reads back a graph written by {@link #writeTo}; inserts then continue as if it had never been
   * away. The bytes are checked whole, copied, and not needed afterwards.
   *
   * @throws CorruptGraphException if the bytes are not such a graph
   */
  public static HnswGraph restore(MemorySegment bytes) {
    SealedGraph stored = SealedGraph.open(bytes);
    stored.validate();
    HnswGraph graph = new HnswGraph(stored.params());
    var levels = new LevelGenerator(stored.params());
    int[] list = new int[stored.params().maxDegree(0)];
    for (int node = 0; node < stored.size(); node++) {
      int level = levels.level(node);
      graph.links.add(node, level);
      for (int layer = 0; layer <= level; layer++) {
        graph.links.write(layer, node, list, stored.neighbours(layer, node, list));
      }
    }
    SIZE.setRelease(graph, stored.size());
    ENTRY_POINT.setRelease(graph, stored.entryPoint());
    return graph;
  }

  /** Bytes {@link #writeTo} needs now. */
  public long byteSize() {
    int nodes = size();
    return new GraphLayout(params, nodes, links.upperInts(nodes)).byteSize();
  }

  /**
   * Writes the graph in the form of {@link SealedGraph}. Only while no insert runs.
   *
   * @param target at least {@link #byteSize} bytes, written from its beginning
   */
  public void writeTo(MemorySegment target) {
    int nodes = size();
    GraphLayout layout = new GraphLayout(params, nodes, links.upperInts(nodes));
    layout.writeHeader(target, entryPoint());
    int upperAt = 0;
    for (int node = 0; node < nodes; node++) {
      links.copyLayer0(node, target, layout.layer0At(node));
      int[] upper = links.upper(node);
      target.set(GraphLayout.INT, layout.upperIndexAt(node), upper.length == 0 ? -1 : upperAt);
      MemorySegment.copy(
          upper, 0, target, GraphLayout.INT, layout.upperListsAt(upperAt), upper.length);
      upperAt += upper.length;
    }
  }
}
