package io.firn.hnsw;

import java.util.Arrays;

/**
 * The nodes that one search has met, each with the best estimate it got so far, in a hash table
 * that stays in cache whatever the size of the graph. Emptied by counting up an epoch. One thread.
 *
 * <p>An entry is two longs, so that a look-up touches one cache line:
 *
 * <pre>
 * long   bits 63..32  bits 31..0
 *    0   epoch        node
 *    1   turn         estimate, as float bits
 * </pre>
 */
final class SeenNodes {

  /** The estimate of a node that was expanded: none is better. */
  private static final float EXPANDED = Float.NEGATIVE_INFINITY;

  private static final int SPREAD = 0x9E37_79B9; // 2^32 / golden ratio
  private static final long LOW = 0xFFFF_FFFFL;
  private static final long UNKNOWN = bits(Float.POSITIVE_INFINITY);

  private long[] entries = new long[2 * 1024];
  private int epoch = 1; // never that of an entry that nobody wrote
  private int size;

  void clear() {
    size = 0;
    if (++epoch == 0) { // wrapped: old entries would read as new
      Arrays.fill(entries, 0);
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
    float before = Float.intBitsToFloat((int) entries[at + 1]);
    if (estimate < before) {
      entries[at + 1] = bits(estimate);
    }
    return before;
  }

  /** From now on every estimate of the node is too late. */
  void expand(int node, int turn) {
    int at = find(node); // may replace the array
    entries[at + 1] = bits(EXPANDED) | ((long) turn << 32);
  }

  /** The turn, from 1, at which the last of some nodes was expanded; 1 if none was. */
  int lastTurn(int[] of, int count) {
    int last = 1;
    for (int i = 0; i < count; i++) {
      int at = find(of[i]); // may replace the array
      last = Math.max(last, (int) (entries[at + 1] >>> 32)); // only nodes expanded have a turn
    }
    return last;
  }

  private static long bits(float estimate) {
    return Float.floatToRawIntBits(estimate) & LOW;
  }

  /** The place of a node, which may be a new one without an estimate. */
  private int find(int node) {
    if (size > entries.length / 4) {
      grow();
    }
    long key = ((long) epoch << 32) | (node & LOW);
    int mask = entries.length - 2;
    int at = ((node * SPREAD) >>> (32 - Integer.bitCount(mask))) << 1;
    while (entries[at] != key) {
      if (entries[at] >>> 32 != epoch) {
        entries[at] = key;
        entries[at + 1] = UNKNOWN;
        size++;
        return at;
      }
      at = (at + 2) & mask;
    }
    return at;
  }

  private void grow() {
    long[] old = entries;
    entries = new long[2 * old.length];
    size = 0;
    for (int i = 0; i < old.length; i += 2) {
      if (old[i] >>> 32 == epoch) {
        int at = find((int) old[i]);
        entries[at + 1] = old[i + 1];
      }
    }
  }
}
