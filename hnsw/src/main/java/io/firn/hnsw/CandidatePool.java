package io.firn.hnsw;

/**
 * The best {@code ef} candidates of a search in one sorted array, without the mispredicted branches
 * of a heap. What one expansion offers waits until {@link #settle}, which merges it in one pass: at
 * ef 1,000 each newcomer by itself would move half of the array. One long holds all:
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

  /** More neighbours than a node has; a build's first candidates come in several parts. */
  private static final int MOST_WAITING = 64;

  private long[] entries = new long[USUAL_CAPACITY];
  private final long[] waiting = new long[MOST_WAITING];
  private int capacity;
  private int size;
  private int waitingSize;
  private int cursor; // no entry before it is untaken

  void reset(int ef) {
    if (entries.length < ef) {
      entries = new long[ef];
    }
    capacity = ef;
    size = 0;
    waitingSize = 0;
    cursor = 0;
  }

  /** A distance that a newcomer must be below; falls when the pool is settled. */
  float threshold() {
    return size < capacity ? Float.POSITIVE_INFINITY : NodeKey.distance(entries[size - 1]);
  }

  /** Adds a candidate if it may be among the best; it counts once the pool is settled. */
  void offer(int node, float distance) {
    long entry = entry(node, distance);
    if (size == capacity && entry >= entries[size - 1]) {
      return;
    }
    if (waitingSize == MOST_WAITING) {
      settle();
    }
    waiting[waitingSize++] = entry;
  }

  /** Moves an untaken candidate to a lower distance; adds it if it had fallen out. */
  void improve(int node, float before, float distance) {
    long old = entry(node, before);
    int at = placeOf(old, size);
    if (at < size && entries[at] == old) {
      insert(entry(node, distance), at);
      return;
    }
    for (int i = 0; i < waitingSize; i++) {
      if (waiting[i] == old) {
        waiting[i] = entry(node, distance);
        return;
      }
    }
    offer(node, distance);
  }

  private static long entry(int node, float distance) {
    return NodeKey.of(distance, 0) | ((long) node << 1);
  }

  /** Puts an entry in its place by moving those between it and the {@code free} place. */
  private void insert(long entry, int free) {
    int at = placeOf(entry, free);
    System.arraycopy(entries, at, entries, at + 1, free - at);
    entries[at] = entry;
    cursor = Math.min(cursor, at);
  }

  /** How many of the first entries are below one; halves without a branch to mispredict. */
  private int placeOf(long entry, int length) {
    int from = 0;
    int left = length;
    while (left > 1) {
      int half = left >>> 1;
      from = entries[from + half - 1] < entry ? from + half : from;
      left -= half;
    }
    return left == 1 && entries[from] < entry ? from + 1 : from;
  }

  /** Takes in what was offered; of more than fit the farthest fall out. */
  void settle() {
    if (waitingSize > 0) {
      sortWaiting();
      int kept = size;
      int taken = waitingSize;
      for (int excess = size + waitingSize - capacity; excess > 0; excess--) {
        if (kept == 0 || (taken > 0 && waiting[taken - 1] > entries[kept - 1])) {
          taken--;
        } else {
          kept--;
        }
      }
      size = kept + taken;
      merge(kept, taken);
      waitingSize = 0;
    }
  }

  /** From the farthest on, so that each entry moves once. */
  private void merge(int kept, int taken) {
    int left = kept;
    for (int i = taken - 1; i >= 0; i--) {
      long entry = waiting[i];
      int at = placeOf(entry, left);
      System.arraycopy(entries, at, entries, at + i + 1, left - at);
      entries[at + i] = entry;
      left = at;
    }
    if (taken > 0) {
      cursor = Math.min(cursor, left);
    }
  }

  private void sortWaiting() {
    for (int i = 1; i < waitingSize; i++) {
      long entry = waiting[i];
      int at = i;
      for (; at > 0 && waiting[at - 1] > entry; at--) {
        waiting[at] = waiting[at - 1];
      }
      waiting[at] = entry;
    }
  }

  /** Candidates held, without those that wait. */
  int size() {
    return size;
  }

  /** Copies all candidates as {@link NodeKey keys}, nearest first. */
  void copyKeys(long[] keys) {
    for (int i = 0; i < size; i++) {
      keys[i] = (entries[i] & 0xFFFF_FFFF_0000_0000L) | ((int) entries[i] >>> 1);
    }
  }

  /** Copies the best candidates that nobody took, as many as there is room; how many. */
  int copyNext(int[] nodes) {
    int count = 0;
    for (int i = cursor; i < size && count < nodes.length; i++) {
      if ((entries[i] & TAKEN) == 0) {
        nodes[count++] = (int) entries[i] >>> 1;
      }
    }
    return count;
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
