package io.firn.hnsw;

import java.util.Arrays;

/**
 * The few hundred nodes that one search has expanded, in a hash table that stays in cache whatever
 * the size of the graph. Emptied by counting up an epoch. One thread.
 */
final class PoppedSet {

  private static final int SPREAD = 0x9E37_79B9; // 2^32 / golden ratio

  private int[] nodes = new int[1024];
  private int[] epochs = new int[1024];
  private int epoch;
  private int size;

  void clear() {
    size = 0;
    if (++epoch == 0) { // wrapped: old entries would read as new
      Arrays.fill(epochs, 0);
      epoch = 1;
    }
  }

  /** Adds a node. Returns whether it was absent. */
  boolean add(int node) {
    int mask = nodes.length - 1;
    int at = (node * SPREAD) >>> (32 - Integer.bitCount(mask));
    while (epochs[at] == epoch) {
      if (nodes[at] == node) {
        return false;
      }
      at = (at + 1) & mask;
    }
    nodes[at] = node;
    epochs[at] = epoch;
    if (++size > nodes.length / 2) {
      grow();
    }
    return true;
  }

  private void grow() {
    int[] oldNodes = nodes;
    int[] oldEpochs = epochs;
    int oldEpoch = epoch;
    nodes = new int[2 * oldNodes.length];
    epochs = new int[2 * oldNodes.length];
    epoch = 1;
    size = 0;
    for (int i = 0; i < oldNodes.length; i++) {
      if (oldEpochs[i] == oldEpoch) {
        add(oldNodes[i]);
      }
    }
  }
}
