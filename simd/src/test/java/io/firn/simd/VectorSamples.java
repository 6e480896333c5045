package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/** Random rows, ordinary ones and ones with extremes, from a seed; and how many are tried. */
final class VectorSamples {

  /**
   * Pairs of rows for each dimension. The thorough run, 100,000 pairs at each of 268 dimensions and
   * four register widths, is {@code mvn -pl simd -am verify -Dfirn.test.pairs=100000}.
   */
  static final int PAIRS = Integer.getInteger("firn.test.pairs", 32);

  private static final float[] EXTREMES = {
    0f, -0f, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL / 2, 1e-30f, 1e15f, -1e15f
  };

  private VectorSamples() {}

  /** Mostly uniform in -1..1; one in four has extremes among its values. */
  static float[] sample(SplittableRandom random, int dimension) {
    float[] v = new float[dimension];
    boolean extreme = random.nextInt(4) == 0;
    for (int i = 0; i < dimension; i++) {
      v[i] =
          extreme && random.nextInt(3) == 0
              ? EXTREMES[random.nextInt(EXTREMES.length)]
              : 2 * random.nextFloat() - 1;
    }
    return v;
  }

  /** Uniform in -1..1, without extremes. */
  static float[] uniform(SplittableRandom random, int dimension) {
    float[] v = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      v[i] = 2 * random.nextFloat() - 1;
    }
    return v;
  }

  static void store(float[] v, MemorySegment memory, long offset) {
    MemorySegment.copy(v, 0, memory, Rows.FLOAT, offset, v.length);
  }
}
