package io.firn.bench.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Rows as Firn keeps them: native memory, 64-byte aligned, padded to 16 floats. */
@State(Scope.Thread)
public class NativeRows {

  private static final int PATTERN = 1 << 20;

  /** Which kernels. */
  @Param public FloatMetric metric = FloatMetric.L2;

  FloatForms forms = FloatForms.of(metric);

  /** Dimensions rounded up to 16. */
  int padded;

  long strideBytes;
  MemorySegment rows = MemorySegment.NULL;
  MemorySegment query = MemorySegment.NULL;
  float[] array = new float[0];

  /** Fills the rows. */
  @Setup(Level.Trial)
  public void fill(RowOrder order) {
    forms = FloatForms.of(metric);
    padded = (order.dimension + 15) & -16;
    strideBytes = 4L * padded;
    float[] pattern = pattern();
    rows = Arena.ofAuto().allocate(strideBytes * order.place.rows(order.dimension), 1L << 21);
    long bytes = rows.byteSize();
    for (long at = 0; at < bytes; at += 4L * PATTERN) {
      int floats = (int) Math.min(PATTERN, (bytes - at) / 4);
      MemorySegment.copy(pattern, 0, rows, ValueLayout.JAVA_FLOAT, at, floats);
    }
    array = java.util.Arrays.copyOf(pattern, padded);
    query = Arena.ofAuto().allocate(strideBytes, 64);
    MemorySegment.copy(array, 0, query, ValueLayout.JAVA_FLOAT, 0, padded);
  }

  /** Random floats, of which rows are made: drawing a gibibyte would take longer than measuring. */
  static float[] pattern() {
    var random = new SplittableRandom(1);
    float[] pattern = new float[PATTERN];
    for (int i = 0; i < PATTERN; i++) {
      pattern[i] = 2 * random.nextFloat() - 1;
    }
    return pattern;
  }

  long at(int row) {
    return strideBytes * row;
  }
}
