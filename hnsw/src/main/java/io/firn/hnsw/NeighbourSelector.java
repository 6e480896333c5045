package io.firn.hnsw;

import java.util.function.IntPredicate;

/**
 * The paper's Alg. 4: of candidates around a node, keeps those nearer to the node than to any
 * candidate kept before, so that links point in different directions. One thread.
 */
final class NeighbourSelector {

  /** Distances computed per check: enough to overlap memory reads, few enough to stop early. */
  private static final int BLOCK = 8;

  private final int[] block = new int[BLOCK];
  private final float[] distances = new float[BLOCK];

  /**
   * Selects from candidates in ascending order of distance.
   *
   * @param candidates keys of distinct nodes, ascending
   * @param limit the most nodes selected
   * @param required nodes selected whatever their direction; at most {@code limit} of them
   * @param selected receives the nodes, nearest first
   * @return the number selected
   */
  int select(
      long[] candidates,
      int count,
      int limit,
      IntPredicate required,
      NodeDistances between,
      int[] selected) {
    int kept = 0;
    int reserved = count(candidates, count, required);
    for (int i = 0; i < count && kept < limit; i++) {
      int node = NodeKey.node(candidates[i]);
      if (reserved > 0 && required.test(node)) {
        reserved--;
        selected[kept++] = node;
      } else if (kept + reserved < limit
          && isDiverse(node, NodeKey.distance(candidates[i]), selected, kept, between)) {
        selected[kept++] = node;
      }
    }
    return kept;
  }

  /**
   * Selects like {@link #select}, nothing required, then fills up with the nearest left out: where
   * a record has room for a fixed number of neighbours, an empty place costs as much as a used one.
   */
  int selectFull(long[] candidates, int count, int limit, NodeDistances between, int[] selected) {
    int kept = select(candidates, count, limit, NeighbourSelector::never, between, selected);
    int diverse = kept;
    int at = 0; // selected nodes stand in the order of the candidates
    for (int i = 0; i < count && kept < limit; i++) {
      int node = NodeKey.node(candidates[i]);
      if (at < diverse && selected[at] == node) {
        at++;
      } else {
        selected[kept++] = node;
      }
    }
    return kept;
  }

  static boolean never(int node) {
    return false;
  }

  private static int count(long[] candidates, int count, IntPredicate required) {
    int matches = 0;
    for (int i = 0; i < count; i++) {
      if (required.test(NodeKey.node(candidates[i]))) {
        matches++;
      }
    }
    return matches;
  }

  private boolean isDiverse(
      int node, float distance, int[] selected, int kept, NodeDistances between) {
    for (int from = 0; from < kept; from += BLOCK) {
      int length = Math.min(BLOCK, kept - from);
      System.arraycopy(selected, from, block, 0, length);
      between.distances(node, block, distances, length);
      for (int i = 0; i < length; i++) {
        if (distances[i] <= distance) {
          return false;
        }
      }
    }
    return true;
  }
}
