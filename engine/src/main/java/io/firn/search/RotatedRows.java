package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.Metric;
import io.firn.quantization.RabitqQuantizer;
import io.firn.simd.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of a segment as its codes see them: of unit length where only direction counts, less their
 * mean, rotated. For one thread.
 */
final class RotatedRows {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(LITTLE_ENDIAN);

  private final RowLayout layout;
  private final Rows rows;
  private final RabitqQuantizer quantizer;
  private final float[] vector;
  private final float[] rotated;

  RotatedRows(RowLayout layout, Rows rows, RabitqQuantizer quantizer) {
    this.layout = layout;
    this.rows = rows;
    this.quantizer = quantizer;
    this.vector = new float[layout.dimension()];
    this.rotated = new float[quantizer.codeLength()];
  }

  /** The quantizer of a segment, around the mean of its rows. */
  static RabitqQuantizer quantizer(RowLayout layout, Rows rows, int size, long seed) {
    double[] sum = new double[layout.dimension()];
    float[] vector = new float[layout.dimension()];
    for (int ordinal = 0; ordinal < size; ordinal++) {
      read(layout, rows, ordinal, vector);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += vector[i];
      }
    }
    for (int i = 0; i < sum.length && size > 0; i++) {
      vector[i] = (float) (sum[i] / size);
    }
    return quantizer(layout, vector, seed);
  }

  private static RabitqQuantizer quantizer(RowLayout layout, float[] mean, long seed) {
    return new RabitqQuantizer(
        NodeRecordLayout.bits(layout.dimension()),
        NodeRecordFile.estimated(layout.metric()),
        seed,
        mean);
  }

  /** A quantizer of this shape around nothing: the lengths of its codes do not need rows. */
  static RabitqQuantizer shape(RowLayout layout) {
    return quantizer(layout, new float[layout.dimension()], 0);
  }

  private static void read(RowLayout layout, Rows rows, int ordinal, float[] vector) {
    MemorySegment.copy(rows.memory(ordinal), FLOAT, rows.offset(ordinal), vector, 0, vector.length);
    if (layout.metric() == Metric.COSINE) {
      Vectors.normalize(vector, vector.length);
    }
  }

  /** Floats of a rotated row. */
  int length() {
    return rotated.length;
  }

  /** Writes one row to {@code into[at..at + codeLength)}. */
  void read(int ordinal, float[] into, int at) {
    read(layout, rows, ordinal, vector);
    quantizer.transform(vector, rotated);
    System.arraycopy(rotated, 0, into, at, rotated.length);
  }
}
