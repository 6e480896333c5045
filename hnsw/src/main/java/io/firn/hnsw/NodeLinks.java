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
}
