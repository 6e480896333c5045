package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * Squared distance between a float32 query and rows of unsigned 8-bit codes: the sum of {@code
 * (query[i] - code[i])²}, codes 0 to 255. Stateless and safe for any thread.
 *
 * <p>A code stands for {@code lower + step * code}: pass {@code (q[i] - lower) / step} as the query
 * and multiply the result by {@code step²}. Lanes are summed in no fixed order. A {@code dimension}
 * that is a multiple of 16 has no slow tail.
 */
public final class Uint8SquaredL2 {

  private static final CodeFamily FAMILY = CodeFamily.of(Metric.SQUARED_L2, 8);

  private Uint8SquaredL2() {}

  /**
   * Returns the squared distance of a query and a row of codes.
   *
   * @param query at least {@code dimension} floats
   * @param codes bytes that hold the row at {@code offset}, one byte for a dimension
   * @throws IndexOutOfBoundsException if the row leaves its segment
   */
  public static float distance(float[] query, MemorySegment codes, long offset, int dimension) {
    return FAMILY.one(query, codes, offset, dimension);
  }

  /**
   * Writes the squared distance of a query and each of four rows to {@code results[at]} to {@code
   * results[at + 3]}.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public static void distance4(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] results,
      int at) {
    FAMILY.four(query, codes, offset0, offset1, offset2, offset3, dimension, results, at);
  }
}
