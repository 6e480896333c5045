package io.firn.bench.kernels;

/** Where a benchmark's rows are. */
public enum Place {
  /** Sixteen rows: they stay in the first or second cache. */
  CACHE,
  /** Random rows of 1 GiB, the next address known before this row is done. */
  MEMORY;

  static final long MEMORY_BYTES = 1L << 30;

  /** A power of two, so that a mask picks a row. */
  int rows(int dimension) {
    return this == CACHE
        ? 16
        : Integer.highestOneBit((int) (MEMORY_BYTES / (Float.BYTES * (long) dimension)));
  }
}
