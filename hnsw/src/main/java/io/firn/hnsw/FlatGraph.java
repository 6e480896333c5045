package io.firn.hnsw;

/**
 * A graph without layers: every node has up to {@code degree} links. Where a search of it starts is
 * the searcher's business. Filled by {@link FlatGraphBuilder}, then only read, by any thread.
 */
public final class FlatGraph {

  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

  private final int size;
  private final int degree;
  private final int[][] chunks; // per node its number of links, then the links

  FlatGraph(int size, int degree) {
    this.size = size;
    this.degree = degree;
    this.chunks = new int[(size + CHUNK_MASK) >>> CHUNK_BITS][];
    for (int i = 0; i < chunks.length; i++) {
      int nodes = Math.min(1 << CHUNK_BITS, size - (i << CHUNK_BITS));
      chunks[i] = new int[nodes * (degree + 1)];
    }
  }

  /** Each node has the first links of two graphs in turn, none twice. */
  static FlatGraph inTurn(FlatGraph one, FlatGraph other) {
    int degree = one.degree;
    var mixed = new FlatGraph(one.size, degree);
    int[] links = new int[degree];
    int[][] lists = new int[2][degree];
    int[] counts = new int[2];
    for (int node = 0; node < one.size; node++) {
      counts[0] = one.neighbours(node, lists[0]);
      counts[1] = other.neighbours(node, lists[1]);
      int count = 0;
      for (int i = 0; i < 2 * degree && count < degree; i++) {
        int at = i >>> 1;
        int from = i & 1;
        if (at < counts[from] && !contains(links, count, lists[from][at])) {
          links[count++] = lists[from][at];
        }
      }
      mixed.set(node, links, count);
    }
    return mixed;
  }

  private static boolean contains(int[] links, int count, int node) {
    for (int i = 0; i < count; i++) {
      if (links[i] == node) {
        return true;
      }
    }
    return false;
  }

  /** Nodes are {@code 0..size()-1}. */
  public int size() {
    return size;
  }

  /** The most links of a node. */
  public int degree() {
    return degree;
  }

  /**
   * Copies the links of a node.
   *
   * @param into receives the ids, at least {@link #degree} long
   * @return the number of links
   */
  public int neighbours(int node, int[] into) {
    int[] chunk = chunks[node >>> CHUNK_BITS];
    int at = at(node);
    System.arraycopy(chunk, at + 1, into, 0, chunk[at]);
    return chunk[at];
  }

  /** Replaces the links of a node. No two threads may write one node. */
  void set(int node, int[] links, int count) {
    int[] chunk = chunks[node >>> CHUNK_BITS];
    int at = at(node);
    System.arraycopy(links, 0, chunk, at + 1, count);
    chunk[at] = count;
  }

  private int at(int node) {
    return (node & CHUNK_MASK) * (degree + 1);
  }
}
