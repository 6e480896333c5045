package io.firn.hnsw;

import java.util.BitSet;

/** Makes every node of a graph reachable from node 0, deterministically. One thread. */
final class Reachability {

  private final FlatGraph graph;
  private final NodeDistances between;
  private final int[] parent; // the node from which each was first reached
  private final BitSet reached = new BitSet();
  private final int[] queue;
  private final int[] list;
  private int queued;

  Reachability(FlatGraph graph, NodeDistances between) {
    this.graph = graph;
    this.between = between;
    this.parent = new int[graph.size()];
    this.queue = new int[graph.size()];
    this.list = new int[graph.degree()];
  }

  void repair() {
    if (graph.size() == 0) {
      return;
    }
    spread(0, 0);
    int attachAt = 0;
    for (int node = reached.nextClearBit(0);
        node < graph.size();
        node = reached.nextClearBit(node)) {
      int near = nearestReached(node);
      while (near < 0 || !attach(near, node)) { // its own links lead to nobody with a place to give
        near = queue[attachAt++];
      }
      spread(node, near);
    }
  }

  /** Marks all that can be reached from a node. */
  private void spread(int node, int from) {
    int next = queued;
    reach(node, from);
    while (next < queued) {
      int here = queue[next++];
      int count = graph.neighbours(here, list);
      for (int i = 0; i < count; i++) {
        if (!reached.get(list[i])) {
          reach(list[i], here);
        }
      }
    }
  }

  private void reach(int node, int from) {
    reached.set(node);
    parent[node] = from;
    queue[queued++] = node;
  }

  /** The nearest reached node that this one links to and that has a place to give, or -1. */
  private int nearestReached(int node) {
    int count = graph.neighbours(node, list);
    float[] distances = new float[count];
    between.distances(node, list, distances, count);
    long best = Long.MAX_VALUE;
    int[] links = list.clone();
    for (int i = 0; i < count; i++) {
      if (reached.get(links[i]) && place(links[i]) >= 0) {
        best = Math.min(best, NodeKey.of(distances[i], links[i]));
      }
    }
    return best == Long.MAX_VALUE ? -1 : NodeKey.node(best);
  }

  /** Gives a node a link to another; false if all its links are needed. */
  private boolean attach(int from, int node) {
    int place = place(from);
    if (place < 0) {
      return false;
    }
    int count = graph.neighbours(from, list);
    list[place] = node;
    graph.set(from, list, Math.max(count, place + 1));
    return true;
  }

  /** The last place in a list over which nobody was first reached, or -1. */
  private int place(int from) {
    int count = graph.neighbours(from, list);
    if (count < graph.degree()) {
      return count;
    }
    for (int i = count - 1; i >= 0; i--) {
      if (parent[list[i]] != from) {
        return i;
      }
    }
    return -1;
  }
}
