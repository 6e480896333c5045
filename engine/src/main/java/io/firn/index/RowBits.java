package io.firn.index;

/**
 * Rows of one block of a {@link RowSet} as bits, with a bit for each word that is not zero: where
 * few rows are in it, to find them all took as long as the rest of a filtered search. Immutable as
 * long as nobody changes the words; any thread.
 */
final class RowBits {

  private final long[] words;
  private final long[] used; // bit i is word i

  /** Takes the words as they are; they must not change any more. */
  RowBits(long[] words) {
    this.words = words;
    this.used = new long[words.length / Long.SIZE];
    for (int i = 0; i < words.length; i++) {
      used[i >>> 6] |= words[i] == 0 ? 0 : 1L << i;
    }
  }

  long[] words() {
    return words;
  }

  /** The first word from {@code at} on that is not zero, or the number of words. */
  int next(int at) {
    int group = at >>> 6;
    if (group == used.length) {
      return words.length;
    }
    long left = used[group] & -1L << at;
    while (left == 0) {
      if (++group == used.length) {
        return words.length;
      }
      left = used[group];
    }
    return (group << 6) + Long.numberOfTrailingZeros(left);
  }

  /** Bytes of heap. */
  long bytes() {
    return 8L * (words.length + used.length);
  }
}
