package io.firn.hnsw;

/**
 * Distances between nodes already stored; smaller is nearer, never NaN, the same in both
 * directions. All an insert knows about vectors.
 */
@FunctionalInterface
public interface NodeDistances {

  /**
   * Measures {@code node} against a batch.
   *
   * @param node the ordinal measured from; its row must be readable before it is inserted
   * @param nodes ordinals measured to, in {@code nodes[0..count)}; not to be changed
   * @param distances receives the distance of {@code nodes[i]} at index {@code i}
   * @param count number of nodes, at most the length of both arrays; may be 0
   */
  void distances(int node, int[] nodes, float[] distances, int count);
}
