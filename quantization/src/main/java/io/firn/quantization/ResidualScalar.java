package io.firn.quantization;

/** Plain loops. */
final class ResidualScalar implements ResidualKernel {

  @Override
  public void sum(float[] residual, int length, float[] sums) {
    double magnitude = 0;
    double squares = 0;
    float largest = 0;
    for (int i = 0; i < length; i++) {
      float r = Math.abs(residual[i]);
      magnitude += r;
      squares += (double) r * r;
      largest = Math.max(largest, r);
    }
    sums[0] = (float) magnitude;
    sums[1] = (float) squares;
    sums[2] = largest;
  }

  @Override
  public void measure(float[] residual, int length, float scale, int largest, float[] sums) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < length; i++) {
      float r = Math.abs(residual[i]);
      double level = Math.min(largest, (int) (r * scale)) + 0.5;
      product += r * level;
      squares += level * level;
    }
    sums[0] = (float) product;
    sums[1] = (float) squares;
  }

  @Override
  public void assign(float[] residual, int length, float scale, int largest, int[] codes) {
    for (int i = 0; i < length; i++) {
      int magnitude = Math.min(largest, (int) (Math.abs(residual[i]) * scale));
      codes[i] = residual[i] > 0 ? largest + 1 + magnitude : largest - magnitude;
    }
  }
}
