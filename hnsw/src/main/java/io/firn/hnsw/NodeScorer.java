package io.firn.hnsw;

/**
 * Distances from one query to the nodes of a graph; smaller is nearer, never NaN.
 *
 * <p>The only thing a search knows about vectors. Implementations may hold scratch state, so each
 * search uses its own scorer and no scorer is shared between threads.
 */
@FunctionalInterface
public interface NodeScorer {

  /**
   * Scores a batch, so that an implementation can overlap the memory latency of its rows.
   *
   * @param nodes ordinals to score, in {@code nodes[0..count)}; not to be changed
   * @param distances receives the distance of {@code nodes[i]} at index {@code i}
   * @param count number of nodes, at most the length of both arrays; may be 0
   */
  void score(int[] nodes, float[] distances, int count);
}
