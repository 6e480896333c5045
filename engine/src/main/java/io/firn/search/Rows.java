package io.firn.search;

import java.lang.foreign.MemorySegment;

/**
 * Where the float32 rows of a segment lie. A row is {@code dimension} little-endian floats and
 * zeros up to its stride, a multiple of 64 bytes, so that kernels have no tail.
 */
public interface Rows {

  /** The memory that holds the row of {@code ordinal}; borrowed, valid while its segment is. */
  MemorySegment memory(int ordinal);

  /** Byte offset of the row in {@link #memory}. */
  long offset(int ordinal);
}
