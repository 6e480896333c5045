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
 * <p>A node stands here once as long as {@link #improve} is used for those that have been offered.
 */
final class CandidatePool {

  private static final long TAKEN = 1;

  /** Most searches fit: the first one that does not makes C2 compile the walk anew. */
  private static final int USUAL_CAPACITY = 1_024;

  private long[] entries = new long[USUAL_CAPACITY];
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
    insert(entry, size++);
  }

  /** Moves an untaken candidate to a lower distance; adds it if it had fallen out. */
  void improve(int node, float before, float distance) {
    int old = Arrays.binarySearch(entries, 0, size, NodeKey.of(before, 0) | ((long) node << 1));
    if (old < 0) {
      offer(node, distance);
    } else {
      insert(NodeKey.of(distance, 0) | ((long) node << 1), old);
    }
  }

  /** Puts an entry in its place by moving those between it and the {@code free} place. */
  private void insert(long entry, int free) {
    int found = Arrays.binarySearch(entries, 0, free, entry);
    int at = found < 0 ? -found - 1 : found;
    System.arraycopy(entries, at, entries, at + 1, free - at);
    entries[at] = entry;
    cursor = Math.min(cursor, at);
  }

  /** Candidates held. */
  int size() {
    return size;
  }

  /** Copies all candidates as {@link NodeKey keys}, nearest first. */
  void copyKeys(long[] keys) {
    for (int i = 0; i < size; i++) {
      keys[i] = (entries[i] & 0xFFFF_FFFF_0000_0000L) | ((int) entries[i] >>> 1);
    }
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
