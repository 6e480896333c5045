package io.firn.quantization;

import io.firn.simd.Kernels;

/**
 * The loops of RaBitQ encoding over the floats of one rotated residual. Lengths are multiples of
 * 64. The scalar twin is the oracle of the vector form and its fallback.
 *
 * <p>Sums are left as {@value #LANES} partial sums, lane {@code j} over the floats {@code 16 i + j}
 * in ascending order, so that codes and factors are equal bit for bit at every register width.
 */
sealed interface ResidualKernel permits ResidualScalar, ResidualVector {

  /** Partial sums of a sum. */
  int LANES = 16;

  /** Chosen once; stateless, for any thread. */
  static ResidualKernel choose() {
    return Kernels.vectorized() ? new ResidualVector() : new ResidualScalar();
  }

  /** Writes the lanes of {@code Σ|r|}, then of {@code Σr²}, then of {@code max|r|}. */
  void sum(float[] residual, int length, float[] lanes);

  /**
   * Codes each magnitude as {@code k = min(largest, ⌊scale·|r|⌋)}, standing for {@code k + ½}, and
   * writes the lanes of {@code Σ|r|(k+½)}, then of {@code Σ(k+½)²}.
   */
  void measure(float[] residual, int length, float scale, int largest, float[] lanes);

  /**
   * Writes the codes of {@link #measure} with their signs: {@code k + largest + 1} where {@code r >
   * 0}, else {@code largest - k}.
   */
  void assign(float[] residual, int length, float scale, int largest, int[] codes);

  /**
   * Writes one bit of each code: bit {@code i % 64} of {@code plane[at + i / 64]} is bit {@code
   * bit} of code {@code i}.
   */
  void plane(int[] codes, int length, int bit, long[] plane, int at);
}
