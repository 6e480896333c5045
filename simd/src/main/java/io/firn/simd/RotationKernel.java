package io.firn.simd;

/**
 * The three passes of a {@link Rotation}, in place. Every implementation rounds in the same places,
 * so results are equal at every width. Stateless.
 */
interface RotationKernel {

  /** Multiplies the floats from {@code at} by {@code factors}, a multiple of 64. */
  void multiply(float[] x, int at, float[] factors);

  /**
   * Applies the Hadamard transform, not normalised, to {@code length} floats, a power of two from
   * 64: for strides 1, 2, 4 and so on, pairs at that stride become their sum and difference.
   */
  void transform(float[] x, int at, int length);

  /** Replaces {@code x[i]} and {@code x[i + length / 2]} by their sum and difference. */
  void crossHalves(float[] x, int at, int length);
}
