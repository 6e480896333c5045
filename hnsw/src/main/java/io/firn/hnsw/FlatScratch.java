package io.firn.hnsw;

import java.util.Arrays;

/** What one thread of a {@link FlatGraphBuilder} needs to place one node. */
final class FlatScratch {

  /** First nodes of a build, from the nearest of which every later search starts. */
  static final int ENTRIES = 64;

  private final NodeDistances between;
  private final VisitedSet visited = new VisitedSet();
  private final CandidatePool pool = new CandidatePool();
  private final NeighbourSelector selector = new NeighbourSelector();
  private final int[] list;
  private int[] batch;
  private float[] distances;
  private long[] keys;
  private int count;

  FlatScratch(NodeDistances between, int slots) {
    this.between = between;
    this.list = new int[slots];
    this.batch = new int[Math.max(slots, ENTRIES)];
    this.distances = new float[batch.length];
    this.keys = new long[batch.length];
  }

  /** Best-first search for the nodes nearest to {@code node}; they are the candidates then. */
  void search(FlatGraph graph, int node, int[] entries, int entryCount, int ef) {
    visited.clear(graph.size());
    visited.add(node);
    pool.reset(ef);
    System.arraycopy(entries, 0, batch, 0, entryCount);
    offer(node, entryCount);
    for (int next = pool.take(); next >= 0; next = pool.take()) {
      int links = graph.neighbours(next, list);
      System.arraycopy(list, 0, batch, 0, links);
      offer(node, links);
    }
    count = pool.size();
    reserve(count);
    pool.copyKeys(keys);
  }

  /** Offers {@link #batch} to the pool. */
  private void offer(int node, int length) {
    int fresh = 0;
    for (int i = 0; i < length; i++) {
      if (visited.add(batch[i])) {
        batch[fresh++] = batch[i];
      }
    }
    between.distances(node, batch, distances, fresh);
    for (int i = 0; i < fresh; i++) {
      pool.offer(batch[i], distances[i]);
    }
    pool.settle();
  }

  /**
   * Makes the neighbours of a node and the nearest of theirs the candidates, ranked. All its own
   * neighbours stay, for the far ones among them are the ways out of a cluster.
   *
   * @param near how many neighbours of neighbours are considered
   */
  void surroundings(FlatGraph graph, int node, int near) {
    visited.clear(graph.size());
    visited.add(node);
    int direct = graph.neighbours(node, list);
    reserve(direct * (graph.degree() + 1));
    count = 0;
    collect(list, direct);
    for (int i = 0; i < direct; i++) {
      collect(list, graph.neighbours(batch[i], list));
    }
    measure(node);
    Arrays.sort(keys, direct, count);
    count = Math.min(count, direct + near);
    Arrays.sort(keys, 0, count);
  }

  /** Makes the neighbours of a node and {@code more[from..to)} the candidates. */
  void neighboursAnd(FlatGraph graph, int node, long[] more, int from, int to) {
    int direct = graph.neighbours(node, list);
    reserve(direct + to - from);
    System.arraycopy(list, 0, batch, 0, direct);
    count = direct;
    for (int i = from; i < to; i++) {
      batch[count++] = (int) more[i];
    }
  }

  private void collect(int[] nodes, int length) {
    for (int i = 0; i < length; i++) {
      if (visited.add(nodes[i])) {
        batch[count++] = nodes[i];
      }
    }
  }

  /** Makes keys of the candidates in {@link #batch}. */
  private void measure(int node) {
    between.distances(node, batch, distances, count);
    for (int i = 0; i < count; i++) {
      keys[i] = NodeKey.of(distances[i], batch[i]);
    }
  }

  /** Links a node to its candidates, all of them if they are few, else a diverse selection. */
  void link(FlatGraph graph, int node, int most, int selected) {
    if (count > most) {
      measure(node);
      Arrays.sort(keys, 0, count);
      count = selector.select(keys, count, selected, NeighbourSelector::never, between, batch);
    }
    graph.set(node, batch, count);
  }

  /** Links a node to a diverse selection of its ranked candidates. */
  void linkDiverse(FlatGraph graph, int node, int limit) {
    graph.set(
        node, list, selector.select(keys, count, limit, NeighbourSelector::never, between, list));
  }

  /** Links a node to {@code limit} of its ranked candidates, if there are as many. */
  void linkFull(FlatGraph graph, int node, int limit) {
    graph.set(node, list, selector.selectFull(keys, count, limit, between, list));
  }

  private void reserve(int length) {
    if (batch.length < length) {
      batch = Arrays.copyOf(batch, length);
      distances = new float[length];
      keys = new long[length];
    }
  }
}
