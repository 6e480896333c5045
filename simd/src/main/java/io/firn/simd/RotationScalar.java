package io.firn.simd;

/** Scalar twin of {@link RotationVector}. */
final class RotationScalar implements RotationKernel {

  @Override
  public void multiply(float[] x, int at, float[] factors) {
    for (int i = 0; i < factors.length; i++) {
      x[at + i] *= factors[i];
    }
  }

  @Override
  public void transform(float[] x, int at, int length) {
    for (int stride = 1; stride < length; stride *= 2) {
      for (int i = at; i < at + length; i += 2 * stride) {
        cross(x, i, stride);
      }
    }
  }

  @Override
  public void crossHalves(float[] x, int at, int length) {
    cross(x, at, length / 2);
  }

  private static void cross(float[] x, int from, int stride) {
    for (int i = from; i < from + stride; i++) {
      float a = x[i];
      float b = x[i + stride];
      x[i] = a + b;
      x[i + stride] = a - b;
    }
  }
}
