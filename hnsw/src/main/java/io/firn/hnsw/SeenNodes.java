package io.firn.hnsw;

import java.util.Arrays;

/**
 * The nodes that one search has met, each with the best estimate it got so far, in a hash table
 * that stays in cache whatever the size of the graph. Emptied by counting up an epoch. One thread.
 */
final class SeenNodes {

  /** The estimate of a node that was expanded: none is better. */
  private static final float EXPANDED = Float.NEGATIVE_INFINITY;

  private static final int SPREAD = 0x9E37_79B9; // 2^32 / golden ratio

  private int[] nodes = new int[1024];
  private int[] epochs = new int[1024];
  private float[] estimates = new float[1024];
  private int[] turns = new int[1024]; // at which each was expanded
  private int epoch;
  private int size;

  void clear() {
    size = 0;
    if (++epoch == 0) { // wrapped: old entries would read as new
      Arrays.fill(epochs, 0);
      epoch = 1;
    }
  }

  /**
   * Takes a new estimate for a node.
   *
   * @return the best before; if that is not above the new one, it stays
   */
  float offer(int node, float estimate) {
    int at = find(node);
    float before = estimates[at];
    if (estimate < before) {
      estimates[at] = estimate;
    }
    return before;
  }

  /** From now on every estimate of the node is too late. */
  void expand(int node, int turn) {
    int at = find(node); // may replace the arrays
    estimates[at] = EXPANDED;
    turns[at] = turn;
  }

  /** The turn, from 1, at which the last of some nodes was expanded; 1 if none was. */
  int lastTurn(int[] of, int count) {
    int last = 1;
    for (int i = 0; i < count; i++) {
      int at = find(of[i]);
      if (estimates[at] == EXPANDED) {
        last = Math.max(last, turns[at]);
      }
    }
    return last;
  }

  /** The place of a node, which may be a new one without an estimate. */
  private int find(int node) {
    if (size > nodes.length / 2) {
      grow();
    }
    int mask = nodes.length - 1;
    int at = (node * SPREAD) >>> (32 - Integer.bitCount(mask));
    while (epochs[at] == epoch) {
      if (nodes[at] == node) {
        return at;
      }
      at = (at + 1) & mask;
    }
    nodes[at] = node;
    epochs[at] = epoch;
    estimates[at] = Float.POSITIVE_INFINITY;
    size++;
    return at;
  }

  private void grow() {
    int[] oldNodes = nodes;
    int[] oldEpochs = epochs;
    float[] oldEstimates = estimates;
    int[] oldTurns = turns;
    int oldEpoch = epoch;
    nodes = new int[2 * oldNodes.length];
    epochs = new int[nodes.length];
    estimates = new float[nodes.length];
    turns = new int[nodes.length];
    epoch = 1;
    size = 0;
    for (int i = 0; i < oldNodes.length; i++) {
      if (oldEpochs[i] == oldEpoch) {
        int at = find(oldNodes[i]);
        estimates[at] = oldEstimates[i];
        turns[at] = oldTurns[i];
      }
    }
  }
}
