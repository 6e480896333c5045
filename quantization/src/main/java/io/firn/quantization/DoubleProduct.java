package io.firn.quantization;

/**
 * Inner products in double precision: rows of any scale, and no term lost beside a large one. Eight
 * sums side by side, since a single one would wait for each addition; in one order on any machine.
 */
final class DoubleProduct {

  private static final int SUMS = 8;

  private DoubleProduct() {}

  /** Σ a[i] b[i] over the first {@code length} floats. */
  static double of(float[] a, float[] b, int length) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    double sum4 = 0;
    double sum5 = 0;
    double sum6 = 0;
    double sum7 = 0;
    int whole = length - length % SUMS;
    for (int i = 0; i < whole; i += SUMS) {
      sum0 += (double) a[i] * b[i];
      sum1 += (double) a[i + 1] * b[i + 1];
      sum2 += (double) a[i + 2] * b[i + 2];
      sum3 += (double) a[i + 3] * b[i + 3];
      sum4 += (double) a[i + 4] * b[i + 4];
      sum5 += (double) a[i + 5] * b[i + 5];
      sum6 += (double) a[i + 6] * b[i + 6];
      sum7 += (double) a[i + 7] * b[i + 7];
    }
    for (int i = whole; i < length; i++) {
      sum0 += (double) a[i] * b[i];
    }
    return ((sum0 + sum1) + (sum2 + sum3)) + ((sum4 + sum5) + (sum6 + sum7));
  }
}
