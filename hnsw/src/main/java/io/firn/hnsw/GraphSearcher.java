package io.firn.hnsw;

import java.util.Objects;
import java.util.function.IntPredicate;

/**
 * k-nearest-neighbour search (the paper's Alg. 5) with reusable scratch. One thread at a time; its
 * scratch grows to the largest graph it has searched, after which a search allocates nothing.
 */
public final class GraphSearcher {

  /**
   * Nodes of the layer above from which the walk starts. The nearest rows of a query that is far
   * from all of them lie on several sides, and a walk from one start stays on its own: of 100,000
   * rows in clusters it found .64 to .95, from 64 starts .85 to .99.
   */
  private static final int STARTS = 32;

  private final LayerSearch layers = new LayerSearch();
  private long[] keys = new long[128];

  /**
   * Finds the accepted nodes nearest to a query.
   *
   * <p>Nodes that are not accepted are walked through but not returned, so a filter that accepts
   * fewer than {@code ef} nodes makes the search visit the whole graph.
   *
   * @param graph may grow meanwhile; nodes added after the call began are passed over
   * @param scorer distances from the query; asked about nodes below {@code graph.size()} as of the
   *     beginning of this call, each once on layer 0
   * @param ef candidates kept, at least 1; more finds better neighbours and takes longer
   * @param accept which nodes may be returned
   * @param nodes receives the nodes, nearest first, equal distances by ascending node
   * @param distances receives their distances; as long as {@code nodes}
   * @return the number found, at most {@code min(ef, nodes.length)}
   * @throws CorruptGraphException if the search meets damaged bytes
   */
  public int search(
      Graph graph, NodeScorer scorer, int ef, IntPredicate accept, int[] nodes, float[] distances) {
    requireArguments(ef, nodes, distances);
    Objects.requireNonNull(accept, "accept");
    long entry = graph.entryPoint(); // before size: the entry point is then below it
    int size = graph.size();
    if (entry == Graph.NO_ENTRY) {
      return 0;
    }
    layers.enter(graph.params(), size);
    long first = layers.score(scorer, (int) entry);
    int top = (int) (entry >>> 32);
    keys[0] = layers.descend(graph, scorer, first, top, 2);
    int starts = top > 0 ? findStarts(graph, scorer) : 1;
    layers.clear(ef);
    for (int i = 0; i < starts; i++) {
      layers.seed(keys[i], accept);
    }
    int found = layers.search(graph, scorer, 0, accept);
    int count = Math.min(found, nodes.length);
    keys = layers.drain(keys, count);
    for (int i = 0; i < count; i++) {
      nodes[i] = NodeKey.node(keys[i]);
      distances[i] = NodeKey.distance(keys[i]);
    }
    return count;
  }

  /**
   * How many times as long the last search went on as it took to expand the first {@code k} of the
   * nodes found: 1 if one of them came last, 2 if all came in the first half.
   */
  public double calm(int[] nodes, int k) {
    return layers.calm(nodes, k);
  }

  private int findStarts(Graph graph, NodeScorer scorer) {
    layers.clear(STARTS);
    layers.seed(keys[0], LayerSearch.EVERY_NODE);
    int found = layers.search(graph, scorer, 1, LayerSearch.EVERY_NODE);
    keys = layers.drain(keys, found);
    return found;
  }

  private static void requireArguments(int ef, int[] nodes, float[] distances) {
    if (ef < 1) {
      throw new IllegalArgumentException(
          "ef must be at least 1 but is %d: it is the number of candidates kept. Use k or more."
              .formatted(ef));
    }
    if (distances.length < nodes.length) {
      throw new IllegalArgumentException(
          "distances must be as long as nodes=%d but is %d: each node gets one. Make them equal."
              .formatted(nodes.length, distances.length));
    }
  }
}
