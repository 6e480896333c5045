package io.firn.quantization;

import io.firn.simd.Kernels;

/**
 * The loops of RaBitQ encoding over the floats of one rotated residual. Lengths are multiples of
 * 64. The scalar twin is the oracle of the vector form and its fallback.
 */
sealed interface ResidualKernel permits ResidualScalar, ResidualVector {

  /** Chosen once; stateless, for any thread. */
  static ResidualKernel choose() {
    return Kernels.vectorized() ? new ResidualVector() : new ResidualScalar();
  }

  /** Writes {@code Σ|r|, Σr², max|r|} to {@code sums[0..3)}. */
  void sum(float[] residual, int length, float[] sums);

  /**
   * Codes each magnitude as {@code k = min(largest, ⌊scale·|r|⌋)}, standing for {@code k + ½}, and
   * writes {@code Σ|r|(k+½), Σ(k+½)²} to {@code sums[0..2)}.
   */
  void measure(float[] residual, int length, float scale, int largest, float[] sums);

  /**
   * Writes the codes of {@link #measure} with their signs: {@code k + largest + 1} where {@code r >
   * 0}, else {@code largest - k}.
   */
  void assign(float[] residual, int length, float scale, int largest, int[] codes);
}
