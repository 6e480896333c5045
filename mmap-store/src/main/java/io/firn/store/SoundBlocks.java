package io.firn.store;

import java.util.BitSet;

/**
 * Which blocks of a payload were read and matched their checksums. Any thread; marks are set
 * without a lock, and a mark lost in a race costs a second look.
 */
final class SoundBlocks {

  private static final int BLOCK_SHIFT = 16;

  private final long[] marks;

  SoundBlocks(long blocks) {
    marks = new long[Math.toIntExact(Math.ceilDiv(blocks, Long.SIZE))];
  }

  /** True if all blocks of these bytes are marked; {@code bytes} is 1 or more. */
  boolean cover(long from, long bytes) {
    long last = (from + bytes - 1) >>> BLOCK_SHIFT;
    for (long block = from >>> BLOCK_SHIFT; block <= last; block++) {
      if (!isMarked(block)) {
        return false;
      }
    }
    return true;
  }

  boolean isMarked(long block) {
    return (marks[(int) (block >>> 6)] & 1L << block) != 0;
  }

  void mark(long block) {
    marks[(int) (block >>> 6)] |= 1L << block;
  }

  /** How many are marked. */
  int count() {
    return BitSet.valueOf(marks).cardinality();
  }
}
