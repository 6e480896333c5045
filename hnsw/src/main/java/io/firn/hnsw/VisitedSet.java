package io.firn.hnsw;

/**
 * A set of nodes. One bit for each, so that those of a hundred thousand stay in the cache next to
 * the core; emptied by the words that were written, which are few. One thread.
 */
final class VisitedSet {

  private long[] words = new long[0];
  private int[] written = new int[0]; // words that are not 0, each once
  private int writtenCount;

  /** Empties the set and makes room for nodes {@code 0..size-1}. */
  void clear(int size) {
    int needed = (size + Long.SIZE - 1) / Long.SIZE;
    if (needed > words.length) {
      words = new long[Math.max(needed, words.length + words.length / 2)];
      written = new int[words.length];
    } else {
      for (int i = 0; i < writtenCount; i++) {
        words[written[i]] = 0;
      }
    }
    writtenCount = 0;
  }

  boolean contains(int node) {
    return (words[node >>> 6] & 1L << node) != 0;
  }

  /** Adds a node. Returns whether it was absent. */
  boolean add(int node) {
    int at = node >>> 6;
    long word = words[at];
    long with = word | 1L << node;
    if (word == 0) {
      written[writtenCount++] = at;
    }
    words[at] = with;
    return word != with;
  }
}
