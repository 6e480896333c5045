package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin of {@link TableVector}. */
final class TableScalar implements TableKernel {

  @Override
  public float largestGroup(float[] query, int dimension) {
    float largest = 0;
    for (int i = 0; i < dimension; i += 4) {
      float group =
          Math.abs(query[i])
              + Math.abs(query[i + 1])
              + (Math.abs(query[i + 2]) + Math.abs(query[i + 3]));
      largest = Math.max(largest, group);
    }
    return largest;
  }

  @Override
  public void magnitudes(float[] query, int dimension, float[] sums) {
    for (int j = 0; j < PARTIAL_SUMS; j++) {
      float sum = 0;
      for (int i = j; i < dimension; i += PARTIAL_SUMS) {
        sum += Math.abs(query[i]);
      }
      sums[j] = sum;
    }
  }

  @Override
  public void fill(float[] query, int dimension, float perStep, MemorySegment table) {
    for (int i = 0; i < dimension; i += 4) {
      for (int n = 0; n < 16; n++) {
        float low = part(query[i], n & 1) + part(query[i + 1], n & 2);
        float high = part(query[i + 2], n & 4) + part(query[i + 3], n & 8);
        int entry = (int) Math.fma(low + high, perStep, 0.5f);
        table.set(ValueLayout.JAVA_BYTE, 4L * i + n, (byte) entry);
      }
    }
  }

  private static float part(float value, int bit) {
    return Math.max(bit == 0 ? -value : value, 0);
  }
}
