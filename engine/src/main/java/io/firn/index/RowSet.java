package io.firn.index;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a collection by number, as blocks of 65,536 bits; a block without rows takes no memory.
 * Not thread-safe while it is filled.
 */
public final class RowSet {

  static final int BLOCK_BITS = 16;
  static final int BLOCK_ROWS = 1 << BLOCK_BITS;
  static final int BLOCK_WORDS = BLOCK_ROWS / Long.SIZE;

  private final long[] @Nullable [] blocks;
  private final @Nullable RowBits[] shared; // those are copied before they are changed

  /** An empty set for rows below {@code rows}. */
  RowSet(int rows) {
    blocks = new long[blocksOf(rows)] @Nullable [];
    shared = new @Nullable RowBits[blocks.length];
  }

  static int blocksOf(int rows) {
    return (int) (((long) rows + BLOCK_ROWS - 1) >>> BLOCK_BITS);
  }

  /** Shows the bits of a block, which stay as they are; null for none. */
  void share(int block, @Nullable RowBits bits) {
    blocks[block] = bits == null ? null : bits.words();
    shared[block] = bits;
  }

  /** The bits of a block, to be changed; null for none. */
  private long @Nullable [] own(int block) {
    long[] bits = blocks[block];
    if (bits != null && shared[block] != null) {
      bits = bits.clone();
      blocks[block] = bits;
      shared[block] = null;
    }
    return bits;
  }

  /** Adds a row; one beyond the set's rows is none of its business. */
  void add(int rowNumber) {
    int block = rowNumber >>> BLOCK_BITS;
    if (block < blocks.length) {
      long[] bits = own(block);
      if (bits == null) {
        bits = new long[BLOCK_WORDS];
        blocks[block] = bits;
      }
      bits[(rowNumber & (BLOCK_ROWS - 1)) >>> 6] |= 1L << rowNumber;
    }
  }

  void remove(int rowNumber) {
    if (contains(rowNumber)) {
      long[] bits = own(rowNumber >>> BLOCK_BITS);
      if (bits != null) {
        bits[(rowNumber & (BLOCK_ROWS - 1)) >>> 6] &= ~(1L << rowNumber);
      }
    }
  }

  /** Drops the rows from {@code rows} on, which must lie in the last block. */
  void cut(int rows) {
    int low = rows & (BLOCK_ROWS - 1);
    if (low != 0 && next(rows) >= 0) {
      long[] bits = own(blocks.length - 1);
      if (bits != null) {
        bits[low >>> 6] &= (1L << low) - 1;
        Arrays.fill(bits, (low >>> 6) + 1, BLOCK_WORDS, 0);
      }
    }
  }

  public boolean contains(int rowNumber) {
    long[] bits = blocks[rowNumber >>> BLOCK_BITS];
    int low = rowNumber & (BLOCK_ROWS - 1);
    return bits != null && (bits[low >>> 6] >>> low & 1) != 0;
  }

  /** The first member from a row number on, or -1. */
  public int next(int from) {
    int block = from >>> BLOCK_BITS;
    int low = from & (BLOCK_ROWS - 1);
    for (; block < blocks.length; block++, low = 0) {
      long[] bits = blocks[block];
      if (bits == null) {
        continue;
      }
      long mask = -1L << low;
      for (int at = low >>> 6; at < BLOCK_WORDS; at = nextWord(block, at + 1), mask = -1) {
        long word = bits[at] & mask;
        if (word != 0) {
          return (block << BLOCK_BITS) + (at << 6) + Long.numberOfTrailingZeros(word);
        }
      }
    }
    return -1;
  }

  /** The first word from one on that may have members. */
  private int nextWord(int block, int at) {
    RowBits bits = shared[block];
    return bits == null ? at : bits.next(at);
  }

  /**
   * Copies members from {@code from} on and below {@code to}, ascending, as many as there is room.
   *
   * @return how many; after a full array there may be more behind the last one
   */
  public int copy(int from, int to, int[] into) {
    int count = 0;
    int block = from >>> BLOCK_BITS;
    int low = from & (BLOCK_ROWS - 1);
    for (; block < blocks.length && (long) block << BLOCK_BITS < to; block++, low = 0) {
      int end = (int) Math.min(BLOCK_ROWS, to - ((long) block << BLOCK_BITS));
      count = copy(block, low, end, into, count);
      if (count == into.length) {
        return count;
      }
    }
    return count;
  }

  private int copy(int block, int from, int end, int[] into, int count) {
    long[] bits = blocks[block];
    if (bits == null) {
      return count;
    }
    int copied = count;
    int lastWord = (end - 1) >>> 6;
    long mask = -1L << from;
    for (int at = from >>> 6; at <= lastWord; at = nextWord(block, at + 1), mask = -1) {
      long word = bits[at] & mask & (at == lastWord ? -1L >>> -end : -1);
      for (; word != 0; word &= word - 1) {
        if (copied == into.length) {
          return copied;
        }
        into[copied++] = (block << BLOCK_BITS) + (at << 6) + Long.numberOfTrailingZeros(word);
      }
    }
    return copied;
  }

  /** Members from {@code from} on and below {@code to}, give or take 63 at each end. */
  public int count(int from, int to) {
    int count = 0;
    for (int block = from >>> BLOCK_BITS; block < blocks.length; block++) {
      long first = (long) block << BLOCK_BITS;
      if (blocks[block] != null && first < to) {
        int begin = (int) Math.max(0, from - first) >>> 6;
        int end = (int) (Math.min(BLOCK_ROWS, to - first) + 63) >>> 6;
        count += countWords(block, begin, end);
      }
    }
    return count;
  }

  private int countWords(int block, int begin, int end) {
    long[] bits = Objects.requireNonNull(blocks[block]);
    int count = 0;
    for (int at = nextWord(block, begin); at < end; at = nextWord(block, at + 1)) {
      count += Long.bitCount(bits[at]);
    }
    return count;
  }

  /** Bytes of heap it holds. */
  public long bytes() {
    long bytes = 8L * blocks.length;
    for (long[] bits : blocks) {
      bytes += bits == null ? 0 : 8L * BLOCK_WORDS;
    }
    return bytes;
  }
}
