package io.firn.hnsw;

import java.util.function.IntPredicate;

/**
 * Search within the layers of a graph, with the scratch it needs: the paper's Alg. 2 and the greedy
 * descent that precedes it. One thread; allocates only while its scratch grows.
 */
final class LayerSearch {

  static final IntPredicate EVERY_NODE = node -> true;

  private final VisitedSet visited = new VisitedSet();
  private final SeenNodes expansions = new SeenNodes();
  private final LongHeap candidates = new LongHeap(); // nearest first
  private final LongHeap results = new LongHeap(); // complemented keys: farthest first
  private int[] batch = new int[0];
  private float[] distances = new float[0];
  private int size;
  private int ef;
  private int expanded;

  /**
   * Prepares the scratch for walks through one graph. To be called before anything else.
   *
   * @param size nodes not below it are passed over
   */
  void enter(HnswParams params, int size) {
    this.size = size;
    if (batch.length < params.maxDegree(0)) {
      batch = new int[params.maxDegree(0)];
      distances = new float[batch.length];
    }
  }

  /** The key of one node. */
  long score(NodeScorer scorer, int node) {
    batch[0] = node;
    scorer.score(batch, distances, 1);
    return NodeKey.of(distances[0], node);
  }

  /**
   * Walks from {@code start} to a local minimum on each layer from {@code top} down to {@code
   * bottom}, both included.
   *
   * @return the key of the last minimum
   */
  long descend(Graph graph, NodeScorer scorer, long start, int top, int bottom) {
    long best = start;
    for (int layer = top; layer >= bottom; layer--) {
      long here;
      do {
        here = best;
        int count = keepBelowSize(graph.neighbours(layer, NodeKey.node(here), batch));
        scorer.score(batch, distances, count);
        for (int i = 0; i < count; i++) {
          best = Math.min(best, NodeKey.of(distances[i], batch[i]));
        }
      } while (best != here);
    }
    return best;
  }

  /** Empties candidates and results for a {@link #search} that collects {@code ef} nodes. */
  void clear(int ef) {
    this.ef = ef;
    visited.clear(size);
    expansions.clear();
    expanded = 0;
    candidates.clear();
    results.clear();
  }

  /** Adds a node to start from, each once. */
  void seed(long key, IntPredicate accept) {
    visited.add(NodeKey.node(key));
    offer(key, accept);
  }

  /**
   * Alg. 2: collects the nearest accepted nodes of one layer. Nodes that are not accepted are
   * walked through. The results stay until they are taken with {@link #drain}.
   *
   * @return the number of nodes collected
   */
  int search(Graph graph, NodeScorer scorer, int layer, IntPredicate accept) {
    while (candidates.size() > 0) {
      long nearest = candidates.pop();
      if (results.size() == ef && nearest > ~results.top()) {
        break;
      }
      expansions.expand(NodeKey.node(nearest), ++expanded);
      int count = keepUnvisited(graph.neighbours(layer, NodeKey.node(nearest), batch));
      scorer.score(batch, distances, count);
      for (int i = 0; i < count; i++) {
        offer(NodeKey.of(distances[i], batch[i]), accept);
      }
    }
    return results.size();
  }

  /**
   * Moves the results out, ascending by distance, then node.
   *
   * @param limit the most keys wanted; the nearest are kept
   * @return the keys, in {@code into} if it is long enough, else in a new and longer array
   */
  long[] drain(long[] into, int limit) {
    int excess = results.size() - limit;
    for (int i = 0; i < excess; i++) {
      results.pop();
    }
    long[] keys = results.size() > into.length ? new long[2 * results.size()] : into;
    for (int i = results.size() - 1; i >= 0; i--) {
      keys[i] = ~results.pop();
    }
    return keys;
  }

  private void offer(long key, IntPredicate accept) {
    boolean full = results.size() == ef;
    if (full && key > ~results.top()) {
      return;
    }
    candidates.push(key);
    if (!accept.test(NodeKey.node(key))) {
      return;
    }
    if (full) {
      results.replaceTop(~key);
    } else {
      results.push(~key);
    }
  }

  private int keepUnvisited(int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int node = batch[i];
      if (node < size && visited.add(node)) {
        batch[kept++] = node;
      }
    }
    return kept;
  }

  private int keepBelowSize(int count) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (batch[i] < size) {
        batch[kept++] = batch[i];
      }
    }
    return kept;
  }

  /** As {@link GraphSearcher#calm}; since the last {@link #clear}. */
  double calm(int[] nodes, int k) {
    return (double) expanded / expansions.lastTurn(nodes, k);
  }
}
