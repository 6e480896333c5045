package io.firn.hnsw;

import java.util.function.IntPredicate;

/**
 * k-nearest-neighbour search over {@link NodeRecords}: take the best candidates, get their real
 * distances, estimate all their neighbours at once, keep those below the worst candidate (threshold
 * first: SymphonyQG, arXiv:2411.12229), each node once with its lowest estimate.
 *
 * <p>A search waits for memory, not for arithmetic, so four records are expanded together: every
 * line of all is asked for before the first is computed with. From a disk, eight are read together.
 *
 * <p>Reusable scratch; one thread at a time; allocates only while its scratch grows.
 */
public final class RecordSearcher {

  private static final int MAX_NEIGHBOURS = 64;

  private final CandidatePool pool = new CandidatePool();
  private final SeenNodes seen = new SeenNodes();
  private final LongHeap nearest = new LongHeap(); // complemented keys: farthest first
  private final int[] together = new int[NodeRecords.TOUCHED];
  private final int[] upcoming = new int[NodeRecords.AHEAD];
  private final int[] neighbours = new int[MAX_NEIGHBOURS];
  private final float[] estimates = new float[MAX_NEIGHBOURS];
  private int touched; // what touching read, kept so that it is not optimized away
  private int taken;
  private int expanded;
  private boolean wantsAhead;

  /**
   * Finds accepted nodes near a query.
   *
   * @param seeds where to start, in {@code seeds[0..seedCount)}
   * @param seedDistances estimates of their distances
   * @param ef candidates kept, at least 1; more finds better neighbours and takes longer
   * @param accept which nodes may be returned; the others are walked through
   * @param nodes receives the nodes found, nearest first, as many as there is room
   * @param distances receives {@link NodeRecords#distance} of them; as long as {@code nodes}
   * @return the number found
   * @throws CorruptGraphException if a record names a node that cannot exist
   */
  public int search(
      NodeRecords records,
      int[] seeds,
      float[] seedDistances,
      int seedCount,
      int ef,
      IntPredicate accept,
      int[] nodes,
      float[] distances) {
    pool.reset(ef);
    seen.clear();
    nearest.clear();
    taken = 0;
    expanded = 0;
    wantsAhead = records.wantsAhead();
    for (int i = 0; i < seedCount; i++) {
      offer(records, CorruptGraphException.NO_NODE, seeds[i], seedDistances[i]);
    }
    pool.settle();
    for (int count = takeAndTouch(records); count > 0; count = takeAndTouch(records)) {
      for (int i = 0; i < count; i++) {
        expand(records, together[i], accept, nodes.length);
      }
    }
    return drain(nodes, distances);
  }

  /** Takes the best candidates and asks for their memory; how many there are. */
  private int takeAndTouch(NodeRecords records) {
    if (wantsAhead) {
      records.ahead(upcoming, pool.copyNext(upcoming));
    }
    int count = 0;
    for (int node = next(); node >= 0; node = count < together.length ? next() : -1) {
      together[count++] = node;
    }
    if (count > 0) {
      touched = records.touch(together, count);
    }
    return count;
  }

  /** The best candidate not expanded yet, or -1. */
  private int next() {
    int node = pool.take();
    if (node >= 0) {
      seen.expand(node, ++taken);
    }
    return node;
  }

  private void expand(NodeRecords records, int node, IntPredicate accept, int limit) {
    expanded++;
    float distance = records.distance(node);
    if (limit > 0 && accept.test(node)) {
      keep(~NodeKey.of(distance, node), limit);
    }
    int count = records.below(node, distance, pool.threshold(), neighbours, estimates);
    for (int i = 0; i < count; i++) {
      offer(records, node, neighbours[i], estimates[i]);
    }
    pool.settle();
  }

  /** Records may lie in damaged files: no id of theirs is believed unseen. */
  private void offer(NodeRecords records, int from, int node, float distance) {
    if (node < 0 || node >= records.size()) {
      throw new CorruptGraphException(from, "a neighbour", "0.." + (records.size() - 1), node);
    }
    float before = seen.offer(node, distance);
    if (before == Float.POSITIVE_INFINITY) {
      pool.offer(node, distance);
    } else if (distance < before) { // an estimate of another parent: the lower one is taken
      pool.improve(node, before, distance);
    }
  }

  private void keep(long farthestFirst, int limit) {
    if (nearest.size() < limit) {
      nearest.push(farthestFirst);
    } else if (farthestFirst > nearest.top()) {
      nearest.replaceTop(farthestFirst);
    }
  }

  private int drain(int[] nodes, float[] distances) {
    int count = nearest.size();
    for (int i = count - 1; i >= 0; i--) {
      long key = ~nearest.pop();
      nodes[i] = NodeKey.node(key);
      distances[i] = NodeKey.distance(key);
    }
    return count;
  }

  /** Records expanded by the last search: its hops. */
  public int expanded() {
    return expanded;
  }

  /**
   * How many times as long the last search went on as it took to expand the first {@code k} of the
   * nodes found: 1 if one of them came last, 2 if all came in the first half.
   */
  public double calm(int[] nodes, int k) {
    return (double) expanded / seen.lastTurn(nodes, k);
  }

  /** What the last search touched; of no use but to have been read. */
  int touched() {
    return touched;
  }
}
