package io.firn.quantization;

import java.util.Arrays;

/** Plain loops. */
final class ResidualScalar implements ResidualKernel {

  @Override
  public void sum(float[] residual, int length, float[] lanes) {
    Arrays.fill(lanes, 0, 3 * LANES, 0);
    for (int i = 0; i < length; i++) {
      int lane = i % LANES;
      float r = Math.abs(residual[i]);
      lanes[lane] += r;
      lanes[LANES + lane] = Math.fma(r, r, lanes[LANES + lane]);
      lanes[2 * LANES + lane] = Math.max(lanes[2 * LANES + lane], r);
    }
  }

  @Override
  public void measure(float[] residual, int length, float scale, int largest, float[] lanes) {
    Arrays.fill(lanes, 0, 2 * LANES, 0);
    for (int i = 0; i < length; i++) {
      int lane = i % LANES;
      float r = Math.abs(residual[i]);
      float level = Math.min(largest, (int) (r * scale)) + 0.5f;
      lanes[lane] = Math.fma(r, level, lanes[lane]);
      lanes[LANES + lane] = Math.fma(level, level, lanes[LANES + lane]);
    }
  }

  @Override
  public void assign(float[] residual, int length, float scale, int largest, int[] codes) {
    for (int i = 0; i < length; i++) {
      int magnitude = Math.min(largest, (int) (Math.abs(residual[i]) * scale));
      codes[i] = residual[i] > 0 ? largest + 1 + magnitude : largest - magnitude;
    }
  }

  @Override
  public void plane(int[] codes, int length, int bit, long[] plane, int at) {
    for (int word = 0; word < length / Long.SIZE; word++) {
      long bits = 0;
      for (int i = 0; i < Long.SIZE; i++) {
        bits |= (long) ((codes[word * Long.SIZE + i] >>> bit) & 1) << i;
      }
      plane[at + word] = bits;
    }
  }
}
