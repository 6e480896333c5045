package io.firn.simd;

/** Scalar twin of {@link VectorKernelVector}. */
final class VectorKernelScalar implements VectorKernel {

  @Override
  public float sum(float[] v, int dimension) {
    return sum(v, 0, dimension, 0);
  }

  @Override
  public void scale(float[] v, int dimension, float factor) {
    scale(v, 0, dimension, factor);
  }

  @Override
  public void subtract(float[] v, float[] other, int dimension) {
    subtract(v, other, 0, dimension);
  }

  static float sum(float[] v, int from, int to, float start) {
    float sum = start;
    for (int i = from; i < to; i++) {
      sum += v[i];
    }
    return sum;
  }

  static void scale(float[] v, int from, int to, float factor) {
    for (int i = from; i < to; i++) {
      v[i] *= factor;
    }
  }

  static void subtract(float[] v, float[] other, int from, int to) {
    for (int i = from; i < to; i++) {
      v[i] -= other[i];
    }
  }
}
