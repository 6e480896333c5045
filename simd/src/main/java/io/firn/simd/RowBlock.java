package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * Rows at equal distances in memory that the caller keeps open.
 *
 * @param memory bytes that hold the rows
 * @param offset bytes from the start of {@code memory} to the first row
 * @param strideBytes bytes from one row to the next
 * @param count rows
 */
public record RowBlock(MemorySegment memory, long offset, long strideBytes, int count) {

  long at(int row) {
    return offset + strideBytes * row;
  }
}
