package io.firn.hnsw;

import java.util.Arrays;

/** A set of nodes that is emptied by counting up an epoch instead of clearing. One thread. */
final class VisitedSet {

  private int[] stamps = new int[0];
  private int epoch;

  /** Empties the set and makes room for nodes {@code 0..size-1}. */
  void clear(int size) {
    if (size > stamps.length) {
      stamps =
          new int[Math.max(size, (int) Math.min(Integer.MAX_VALUE - 8, stamps.length * 3L / 2))];
      epoch = 0;
    }
    if (++epoch == 0) { // wrapped: stamps of four billion searches ago would read as new
      Arrays.fill(stamps, 0);
      epoch = 1;
    }
  }

  /** Adds a node. Returns whether it was absent. */
  boolean add(int node) {
    if (stamps[node] == epoch) {
      return false;
    }
    stamps[node] = epoch;
    return true;
  }
}
