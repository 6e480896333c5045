package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Float32 rows in memory that somebody else owns: row {@code i} is {@code dimension} little-endian
 * floats at byte {@code offset + i * strideBytes}.
 */
public record FloatRows(
    MemorySegment memory, long offset, long strideBytes, int dimension, int count) {

  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /**
   * @throws IllegalArgumentException if {@code dimension} is below 1 or {@code count} below 0
   * @throws IndexOutOfBoundsException if the rows leave their memory
   */
  public FloatRows {
    if (dimension < 1 || count < 0) {
      throw new IllegalArgumentException(
          "dimension must be at least 1 and count at least 0 but they are %d and %d: rows have floats. Pass both."
              .formatted(dimension, count));
    }
    if (count > 0) {
      Objects.checkFromIndexSize(
          offset, (count - 1) * strideBytes + 4L * dimension, memory.byteSize());
    }
  }

  /** Rows one after the other without padding, from the beginning of {@code memory}. */
  public static FloatRows packed(MemorySegment memory, int dimension, int count) {
    return new FloatRows(memory, 0, 4L * dimension, dimension, count);
  }

  /** Byte at which a row begins. */
  public long at(int row) {
    return offset + row * strideBytes;
  }

  /** Copies a row into {@code into[0 .. dimension)}. */
  public void copy(int row, float[] into) {
    MemorySegment.copy(memory, FLOAT, at(Objects.checkIndex(row, count)), into, 0, dimension);
  }
}
