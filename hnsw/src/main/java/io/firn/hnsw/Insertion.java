package io.firn.hnsw;

import java.util.Arrays;
import java.util.function.IntPredicate;

/** The paper's Alg. 1 for the writer thread of one graph, with its scratch. */
final class Insertion {

  private final HnswGraph graph;
  private final HnswParams params;
  private final LinkChunks links;
  private final LevelGenerator levels;
  private final LayerSearch layers = new LayerSearch();
  private final NeighbourSelector selector = new NeighbourSelector();

  private long[] keys;
  private final int[] chosen;
  private final int[] list;
  private final int[] shrunk;
  private final float[] distances;
  private final long[] ranked;

  Insertion(HnswGraph graph, LinkChunks links) {
    this.graph = graph;
    this.links = links;
    this.params = graph.params();
    this.levels = new LevelGenerator(params);
    int slots = params.maxDegree(0) + 1;
    this.keys = new long[params.efConstruction()];
    this.chosen = new int[slots];
    this.list = new int[slots];
    this.shrunk = new int[slots];
    this.distances = new float[slots];
    this.ranked = new long[slots];
  }

  /**
   * Writes the lists of {@code node} and the links back to it. The caller then counts the node in.
   *
   * @return the level of the node
   */
  int link(int node, NodeDistances between) {
    int level = levels.level(node);
    links.add(node, level);
    long entry = graph.entryPoint();
    if (entry == Graph.NO_ENTRY) {
      return level;
    }
    NodeScorer toNode = (nodes, into, count) -> between.distances(node, nodes, into, count);
    int top = (int) (entry >>> 32);
    layers.enter(params, node);
    keys[0] = layers.score(toNode, (int) entry);
    keys[0] = layers.descend(graph, toNode, keys[0], top, level + 1);
    int found = 1;
    for (int layer = Math.min(level, top); layer >= 0; layer--) {
      found = searchLayer(layer, toNode, found);
      linkLayer(layer, node, found, between);
    }
    return level;
  }

  private int searchLayer(int layer, NodeScorer toNode, int seeds) {
    layers.clear(params.efConstruction());
    for (int i = 0; i < seeds; i++) {
      layers.seed(keys[i], LayerSearch.EVERY_NODE);
    }
    int found = layers.search(graph, toNode, layer, LayerSearch.EVERY_NODE);
    keys = layers.drain(keys, found);
    return found;
  }

  private void linkLayer(int layer, int node, int found, NodeDistances between) {
    int count = selector.select(keys, found, params.m(), NeighbourSelector::never, between, chosen);
    if (layer == 0) {
      count = putParentFirst(node, found, count);
    }
    links.write(layer, node, chosen, count);
    for (int i = 0; i < count; i++) {
      linkBack(layer, chosen[i], node, between);
    }
  }

  /** Moves or adds the parent to the front of {@link #chosen}. */
  private int putParentFirst(int node, int found, int count) {
    int parent = chooseParent(node, found);
    int at = 0;
    while (at < count && chosen[at] != parent) {
      at++;
    }
    System.arraycopy(chosen, 0, chosen, 1, at);
    chosen[0] = parent;
    return at == count ? count + 1 : count;
  }

  /** The nearest candidate with room for a child; the last node always has, for it has none. */
  private int chooseParent(int node, int found) {
    for (int i = 0; i < found; i++) {
      int candidate = NodeKey.node(keys[i]);
      if (children(candidate) < params.m() - 1) {
        return candidate;
      }
    }
    return node - 1;
  }

  private int children(int node) {
    int count = links.read(0, node, list);
    int children = 0;
    for (int i = 0; i < count; i++) {
      if (isChild(list[i], node)) {
        children++;
      }
    }
    return children;
  }

  private boolean isChild(int node, int parent) {
    return node > parent && links.parent(node) == parent;
  }

  private void linkBack(int layer, int from, int node, NodeDistances between) {
    int count = links.read(layer, from, list);
    if (contains(count, node)) {
      return; // an insert that failed half-way had come this far
    }
    list[count++] = node;
    if (count > params.maxDegree(layer)) {
      shrink(layer, from, count, between);
    } else {
      links.write(layer, from, list, count);
    }
  }

  private boolean contains(int count, int node) {
    for (int i = 0; i < count; i++) {
      if (list[i] == node) {
        return true;
      }
    }
    return false;
  }

  /** Selects anew among {@link #list}, which is one too long. */
  private void shrink(int layer, int from, int count, NodeDistances between) {
    between.distances(from, list, distances, count);
    for (int i = 0; i < count; i++) {
      ranked[i] = NodeKey.of(distances[i], list[i]);
    }
    Arrays.sort(ranked, 0, count);
    int limit = params.maxDegree(layer);
    if (layer > 0) {
      links.write(
          layer,
          from,
          shrunk,
          selector.select(ranked, count, limit, NeighbourSelector::never, between, shrunk));
      return;
    }
    int parent = from == 0 ? 0 : list[0];
    IntPredicate inTree = other -> isChild(other, from) || other == parent;
    int kept = selector.select(ranked, count, limit, inTree, between, shrunk);
    if (from > 0) {
      moveToFront(parent, shrunk);
    }
    links.write(layer, from, shrunk, kept);
  }

  private static void moveToFront(int node, int[] nodes) {
    int at = 0;
    while (nodes[at] != node) {
      at++;
    }
    System.arraycopy(nodes, 0, nodes, 1, at);
    nodes[0] = node;
  }
}
