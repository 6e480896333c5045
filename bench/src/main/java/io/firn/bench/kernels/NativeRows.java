package io.firn.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Rows as Firn keeps them: native memory, 64-byte aligned, padded with zeros. */
@State(Scope.Thread)
public class NativeRows {

  /** Dimensions rounded up to 16. */
  int padded;

  long strideBytes;
  MemorySegment rows = MemorySegment.NULL;
  float[] query = new float[0];

  /** Fills the rows. */
  @Setup(Level.Trial)
  public void fill(RowOrder order) {
    var random = new SplittableRandom(1);
    padded = (order.dimension + 15) & -16;
    strideBytes = 4L * padded;
    int count = order.place.rows(order.dimension);
    rows = Arena.ofAuto().allocate(strideBytes * count, 1L << 21);
    query = new float[padded];
    for (int i = 0; i < order.dimension; i++) {
      query[i] = (float) random.nextDouble(-1, 1);
    }
    float[] row = new float[padded];
    for (int r = 0; r < count; r++) {
      for (int i = 0; i < order.dimension; i++) {
        row[i] = (float) random.nextDouble(-1, 1);
      }
      MemorySegment.copy(row, 0, rows, ValueLayout.JAVA_FLOAT, strideBytes * r, padded);
    }
  }

  long at(int row) {
    return strideBytes * row;
  }
}
