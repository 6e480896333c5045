package io.firn.hnsw;

import java.util.Arrays;

/**
 * The best {@code ef} candidates of a search in one sorted array: cheap to insert into near its
 * end, which is where most go, and without the mispredicted branches of a heap. One long holds all:
 *
 * <pre>
 * bits 63..32  distance, as an int that sorts like the float
 * bits 31..1   node
 * bit       0  set once the node is taken
 * </pre>
 *
 * <p>A node may stand here several times with the estimates of several parents; whoever takes it a
 * second time knows.
 */
final class CandidatePool {

  private static final long TAKEN = 1;

  private long[] entries = new long[0];
  private int capacity;
  private int size;
  private int cursor; // no entry before it is untaken

  void reset(int ef) {
    if (entries.length < ef) {
      entries = new long[ef];
    }
    capacity = ef;
    size = 0;
    cursor = 0;
  }

  /** A distance that a newcomer must be below. */
  float threshold() {
    return size < capacity ? Float.POSITIVE_INFINITY : NodeKey.distance(entries[size - 1]);
  }

  /** Adds a candidate if it is among the best, in its place. */
  void offer(int node, float distance) {
    long entry = NodeKey.of(distance, 0) | ((long) node << 1);
    if (size == capacity) {
      if (entry >= entries[size - 1]) {
        return;
      }
      size--;
    }
    int found = Arrays.binarySearch(entries, 0, size, entry);
    int at = found < 0 ? -found - 1 : found;
    System.arraycopy(entries, at, entries, at + 1, size - at);
    entries[at] = entry;
    size++;
    cursor = Math.min(cursor, at);
  }

  /** Takes the best candidate that nobody took; -1 if there is none. */
  int take() {
    while (cursor < size) {
      long entry = entries[cursor];
      if ((entry & TAKEN) == 0) {
        entries[cursor++] = entry | TAKEN;
        return (int) entry >>> 1;
      }
      cursor++;
    }
    return -1;
  }
}
