package io.firn.hnsw;

/** Full structural check of a graph that is not written to meanwhile. One use. */
final class GraphValidator {

  private final Graph graph;
  private final LevelGenerator levels;
  private final int[] list;
  private final int[] other;
  private final VisitedSet seen = new VisitedSet();

  GraphValidator(Graph graph) {
    this.graph = graph;
    this.levels = new LevelGenerator(graph.params());
    this.list = new int[graph.params().maxDegree(0)];
    this.other = new int[list.length];
  }

  /**
   * @throws CorruptGraphException naming the first node that breaks a rule
   */
  void requireSound() {
    int top = -1;
    for (int node = 0; node < graph.size(); node++) {
      int level = levels.level(node);
      top = Math.max(top, level);
      for (int layer = 0; layer <= level; layer++) {
        requireList(layer, node);
      }
      requireParent(node);
    }
    if (top >= 0) {
      requireEntry(top);
    }
  }

  private void requireEntry(int top) {
    int entry = (int) graph.entryPoint();
    require(
        graph.entryPoint() >>> 32 == top && levels.level(entry) == top,
        CorruptGraphException.NO_NODE,
        "the entry point",
        "a node of level " + top,
        graph.entryPoint());
  }

  private void requireList(int layer, int node) {
    int count = graph.neighbours(layer, node, list);
    seen.clear(graph.size());
    for (int i = 0; i < count; i++) {
      int neighbour = list[i];
      require(
          neighbour >= 0 && neighbour < graph.size(),
          node,
          "a neighbour",
          "0.." + (graph.size() - 1),
          neighbour);
      require(neighbour != node && seen.add(neighbour), node, "a neighbour", "new", neighbour);
      require(
          layer == 0 || levels.level(neighbour) >= layer,
          node,
          "a neighbour",
          "on layer " + layer,
          neighbour);
    }
  }

  /** By induction over nodes this proves that layer 0 is strongly connected. */
  private void requireParent(int node) {
    if (node == 0) {
      return;
    }
    int count = graph.neighbours(0, node, list);
    int parent = count == 0 ? node : list[0];
    require(parent < node, node, "its parent", "an earlier node", parent);
    int links = graph.neighbours(0, parent, other);
    boolean linkedBack = false;
    for (int i = 0; i < links; i++) {
      linkedBack |= other[i] == node;
    }
    require(linkedBack, node, "its parent", "a node that links back", parent);
  }

  private static void require(boolean holds, int node, String what, String rule, long value) {
    if (!holds) {
      throw new CorruptGraphException(node, what, rule, value);
    }
  }
}
