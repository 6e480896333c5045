package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Squared Euclidean length of float32 rows. Stateless and safe for any thread. */
public final class Norm {

  private Norm() {}

  /**
   * Returns the sum of {@code v[i]²}.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter than {@code dimension}
   */
  public static float squaredNorm(float[] v, int dimension) {
    return InnerProduct.product(v, MemorySegment.ofArray(v), 0, dimension);
  }

  /**
   * Returns the sum of the squares of the row's floats.
   *
   * @param rows bytes that hold the row at {@code offset}, little-endian
   * @throws IndexOutOfBoundsException if the row leaves its segment
   */
  public static float squaredNorm(MemorySegment rows, long offset, int dimension) {
    return InnerProduct.product(rows, offset, rows, offset, dimension);
  }
}
