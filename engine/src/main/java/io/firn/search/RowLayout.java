package io.firn.search;

import io.firn.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The shape of one float32 row in memory and in a vector file.
 *
 * @param dimension floats of the vector
 * @param metric of the collection
 */
public record RowLayout(int dimension, Metric metric) {

  /** Rows start at cache lines, and their zero padding lets kernels run without a tail. */
  private static final int ALIGNMENT_FLOATS = 16;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Floats from one row to the next: the dimension rounded up to a multiple of 16. */
  public int paddedDimension() {
    return (dimension + ALIGNMENT_FLOATS - 1) & -ALIGNMENT_FLOATS;
  }

  /** Bytes from one row to the next. */
  public long strideBytes() {
    return (long) paddedDimension() * Float.BYTES;
  }

  /** The query with its padding, as the kernels take it; itself if it needs none. */
  public float[] padded(float[] vector) {
    return vector.length == paddedDimension() ? vector : Arrays.copyOf(vector, paddedDimension());
  }

  /** Copies a row out of a segment. */
  public float[] read(Rows rows, int ordinal) {
    float[] vector = new float[dimension];
    MemorySegment.copy(rows.memory(ordinal), FLOAT, rows.offset(ordinal), vector, 0, dimension);
    return vector;
  }
}
