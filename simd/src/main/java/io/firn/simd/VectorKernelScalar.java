package io.firn.simd;

/** Scalar twin of {@link VectorKernelVector}. */
final class VectorKernelScalar implements VectorKernel {

  @Override
  public float min(float[] v, int dimension) {
    return min(v, 0, dimension, Float.POSITIVE_INFINITY);
  }

  @Override
  public float max(float[] v, int dimension) {
    return max(v, 0, dimension, Float.NEGATIVE_INFINITY);
  }

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

  static float min(float[] v, int from, int to, float start) {
    float least = start;
    for (int i = from; i < to; i++) {
      least = Math.min(least, v[i]);
    }
    return least;
  }

  static float max(float[] v, int from, int to, float start) {
    float most = start;
    for (int i = from; i < to; i++) {
      most = Math.max(most, v[i]);
    }
    return most;
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
