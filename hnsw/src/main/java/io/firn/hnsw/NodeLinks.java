package io.firn.hnsw;

/** The links of a graph's bottom layer, wherever they are kept. Safe for any thread. */
public interface NodeLinks {

  /** Nodes are {@code 0..size()-1}; links to others are passed over. */
  int size();

  /** Most links of a node. */
  int degree();

  /**
   * Copies the links of a node.
   *
   * @param into receives the ids; at least {@link #degree} long
   * @return the number of links
   */
  int neighbours(int node, int[] into);

  /** Most nodes that {@link #touch} takes. */
  int TOUCHED = 4;

  /**
   * Asks for the memory of the links of some nodes together, before {@link #neighbours} reads them;
   * does nothing where nobody implements it.
   *
   * @param nodes {@code nodes[from..from + count)} are touched, each one of the graph's
   * @param count 1..{@link #TOUCHED}
   * @return something made of what was read: keep it, or the reads may be left out
   */
  default int touch(int[] nodes, int from, int count) {
    return 0;
  }
}
