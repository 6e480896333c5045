package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.Metric;
import io.firn.simd.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Rows of a segment as its codes see them: of unit length where only direction counts, less their
 * mean, rotated ({@link CodedSpace}). For one thread.
 */
final class RotatedRows {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(LITTLE_ENDIAN);

  private final RowLayout layout;
  private final Rows rows;
  private final CodedSpace space;
  private final float[] vector;
  private final float[] rotated;

  RotatedRows(RowLayout layout, Rows rows, CodedSpace space) {
    this.layout = layout;
    this.rows = rows;
    this.space = space;
    this.vector = new float[layout.dimension()];
    this.rotated = new float[space.codeLength()];
  }

  /** Reads a row as it is, but of unit length where only direction counts. */
  static void read(RowLayout layout, Rows rows, int ordinal, float[] vector) {
    MemorySegment.copy(rows.memory(ordinal), FLOAT, rows.offset(ordinal), vector, 0, vector.length);
    if (layout.metric() == Metric.COSINE) {
      Vectors.normalize(vector, vector.length);
    }
  }

  /** Floats of a rotated row. */
  int length() {
    return rotated.length;
  }

  /**
   * Writes one row to {@code into[at..at + codeLength)}.
   *
   * @return the squared length of what is left out, as {@link CodedSpace#transform}
   */
  float read(int ordinal, float[] into, int at) {
    read(layout, rows, ordinal, vector);
    float others = space.transform(vector, rotated);
    System.arraycopy(rotated, 0, into, at, rotated.length);
    return others;
  }
}
