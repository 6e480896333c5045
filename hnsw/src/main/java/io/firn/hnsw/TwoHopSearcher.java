package io.firn.hnsw;

import java.util.function.IntPredicate;

/**
 * k-nearest-neighbour search among accepted nodes only: links are followed to accepted neighbours
 * and, where a neighbour is not accepted, through it to its accepted neighbours (ACORN-1,
 * arXiv:2403.04871). Only accepted nodes are ever compared with the query.
 *
 * <p>Reusable scratch; one thread at a time; its scratch grows to the largest graph searched.
 */
public final class TwoHopSearcher {

  private final VisitedSet met = new VisitedSet(); // nodes that were asked, two links away or seeds
  private final VisitedSet crossed =
      new VisitedSet(); // nodes whose links were followed through them
  private final SeenNodes expansions = new SeenNodes();
  private final LongHeap candidates = new LongHeap(); // nearest first
  private final LongHeap results = new LongHeap(); // complemented keys: farthest first
  private int[] direct = new int[0];
  private int[] beyond = new int[0];
  private int[] batch = new int[0];
  private float[] distances = new float[0];
  private int touched; // what touching read, kept so that it is not optimized away
  private int hops;
  private long compared;

  /**
   * Finds the accepted nodes nearest to a query.
   *
   * @param scorer distances from the query
   * @param seeds accepted nodes to start from, spread over all of them
   * @param ef candidates kept, at least 1
   * @param accept which nodes may be compared and returned
   * @param nodes receives the nodes, nearest first; at least {@code ef} elements
   * @param into receives their distances; as long as {@code nodes}
   * @return the number found, at most {@code ef}
   * @throws CorruptGraphException if the search meets damaged bytes
   */
  public int search(
      NodeLinks links,
      NodeScorer scorer,
      int[] seeds,
      int seedCount,
      int ef,
      IntPredicate accept,
      int[] nodes,
      float[] into) {
    int size = links.size();
    begin(links, size, Math.max(seedCount, 2 * links.degree()));
    int count = 0;
    for (int i = 0; i < seedCount; i++) {
      if (met.add(seeds[i])) {
        batch[count++] = seeds[i];
      }
    }
    compare(scorer, count, ef);
    while (candidates.size() > 0) {
      long nearest = candidates.pop();
      if (results.size() == ef && nearest > ~results.top()) {
        break;
      }
      expansions.expand(NodeKey.node(nearest), ++hops);
      compare(scorer, gather(links, NodeKey.node(nearest), size, accept), ef);
    }
    return drain(nodes, into);
  }

  private void begin(NodeLinks links, int size, int capacity) {
    int degree = links.degree();
    if (direct.length < degree) {
      direct = new int[degree];
      beyond = new int[degree];
    }
    if (batch.length < capacity) {
      batch = new int[capacity];
      distances = new float[capacity];
    }
    met.clear(size);
    crossed.clear(size);
    expansions.clear();
    candidates.clear();
    results.clear();
    hops = 0;
    compared = 0;
  }

  /** Accepted nodes one or two links away that were not met before; enough of them, not all. */
  private int gather(NodeLinks links, int node, int size, IntPredicate accept) {
    int degree = links.neighbours(node, direct);
    int count = 0;
    int through = 0;
    for (int i = 0; i < degree; i++) {
      int next = direct[i];
      if (next < 0 || next >= size) {
        continue;
      }
      if (!accept.test(next)) {
        if (!crossed.contains(next)) { // else all behind it was met
          direct[through++] = next;
        }
      } else if (met.add(next)) {
        batch[count++] = next;
      }
    }
    return gatherBeyond(links, through, count, size, accept);
  }

  /** Neighbours are each other's neighbours: of those behind one most were met behind another. */
  private int gatherBeyond(
      NodeLinks links, int through, int already, int size, IntPredicate accept) {
    int count = already;
    int enough = direct.length;
    touch(links, 0, through);
    for (int i = 0; i < through && count < enough; i++) {
      if (i % NodeLinks.TOUCHED == 0) { // those behind the next ones, while these are read
        touch(links, i + NodeLinks.TOUCHED, through);
      }
      crossed.add(direct[i]);
      int found = links.neighbours(direct[i], beyond);
      for (int j = 0; j < found && count < batch.length; j++) {
        int next = beyond[j];
        if (next >= 0 && next < size && met.add(next) && accept.test(next)) {
          batch[count++] = next;
        }
      }
    }
    return count;
  }

  /** Their links lie anywhere: one after the other, each would be waited for. */
  private void touch(NodeLinks links, int from, int through) {
    if (from < through) {
      touched ^= links.touch(direct, from, Math.min(NodeLinks.TOUCHED, through - from));
    }
  }

  private void compare(NodeScorer scorer, int count, int ef) {
    compared += count;
    scorer.score(batch, distances, count);
    for (int i = 0; i < count; i++) {
      long key = NodeKey.of(distances[i], batch[i]);
      if (results.size() < ef) {
        candidates.push(key);
        results.push(~key);
      } else if (key < ~results.top()) {
        candidates.push(key);
        results.replaceTop(~key);
      }
    }
  }

  private int drain(int[] nodes, float[] into) {
    int count = results.size();
    for (int i = count - 1; i >= 0; i--) {
      long key = ~results.pop();
      nodes[i] = NodeKey.node(key);
      into[i] = NodeKey.distance(key);
    }
    return count;
  }

  /** What was touched last; of no use but to have been read. */
  int touched() {
    return touched;
  }

  /** Nodes expanded by the last search. */
  public int hops() {
    return hops;
  }

  /** Nodes compared with the query by the last search. */
  public long compared() {
    return compared;
  }

  /**
   * How many times as long the last search went on as it took to expand the first {@code k} of the
   * nodes found: 1 if one of them came last, 2 if all came in the first half.
   */
  public double calm(int[] nodes, int k) {
    return (double) hops / expansions.lastTurn(nodes, k);
  }
}
