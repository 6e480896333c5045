package io.firn.hnsw;

/**
 * The read side of a hierarchical navigable small-world graph. Nodes are the ints {@code
 * 0..size()-1}; a node of level L has links on layers 0..L, and layer 0 holds every node.
 *
 * <p>Safe for any thread without a lock, also while one thread inserts into an {@link HnswGraph}.
 */
public sealed interface Graph permits HnswGraph, SealedGraph {

  /** {@link #entryPoint} of a graph without nodes. */
  long NO_ENTRY = -1;

  /** Nodes linked so far. Every id a reader meets that is not below it was added later. */
  int size();

  /** The parameters it was built with. */
  HnswParams params();

  /**
   * Where a search starts: {@code level << 32 | node}, or {@link #NO_ENTRY}. Read it before {@link
   * #size}, then the node is below that size.
   */
  long entryPoint();

  /**
   * Copies the links of a node.
   *
   * @param layer a layer on which the node exists
   * @param node a node below {@link #size}
   * @param into receives the ids; at least {@code params().maxDegree(layer)} long
   * @return the number of links; ids behind it in {@code into} are undefined
   * @throws CorruptGraphException if the node has no such layer or names a node that cannot exist
   */
  int neighbours(int layer, int node, int[] into);
}
