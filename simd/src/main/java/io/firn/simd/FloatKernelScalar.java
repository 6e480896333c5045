package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/**
 * Scalar twin of {@link FloatKernelVector}: oracle of its tests, fallback where there is no Vector
 * API, and the kernel of heap memory.
 *
 * <p>Four partial sums hide the latency of the addition; the order of summation is fixed.
 */
final class FloatKernelScalar implements FloatKernel {

  private static final Metric METRIC =
      KernelTemplate.constant(MethodHandles.lookup(), Metric.class);

  FloatKernelScalar() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i < dimension - 3; i += 4) {
      s0 = step(at(a, aOffset, i), at(row, offset, i), s0);
      s1 = step(at(a, aOffset, i + 1), at(row, offset, i + 1), s1);
      s2 = step(at(a, aOffset, i + 2), at(row, offset, i + 2), s2);
      s3 = step(at(a, aOffset, i + 3), at(row, offset, i + 3), s3);
    }
    for (; i < dimension; i++) {
      s0 = step(at(a, aOffset, i), at(row, offset, i), s0);
    }
    return s0 + s1 + (s2 + s3);
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i < dimension - 3; i += 4) {
      s0 = step(a[i], at(row, offset, i), s0);
      s1 = step(a[i + 1], at(row, offset, i + 1), s1);
      s2 = step(a[i + 2], at(row, offset, i + 2), s2);
      s3 = step(a[i + 3], at(row, offset, i + 3), s3);
    }
    for (; i < dimension; i++) {
      s0 = step(a[i], at(row, offset, i), s0);
    }
    return s0 + s1 + (s2 + s3);
  }

  private static float at(MemorySegment row, long offset, int i) {
    return row.get(Rows.FLOAT, offset + (long) i * Float.BYTES);
  }

  private static float step(float a, float b, float sum) {
    if (METRIC == Metric.INNER_PRODUCT) {
      return sum + a * b;
    }
    float difference = a - b;
    return METRIC == Metric.L1 ? sum + Math.abs(difference) : sum + difference * difference;
  }

  @Override
  public void four(
      MemorySegment a,
      long aOffset,
      MemorySegment rows,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    distances[at] = one(a, aOffset, rows, offset0, dimension);
    distances[at + 1] = one(a, aOffset, rows, offset1, dimension);
    distances[at + 2] = one(a, aOffset, rows, offset2, dimension);
    distances[at + 3] = one(a, aOffset, rows, offset3, dimension);
  }

  @Override
  public void four(
      float[] a,
      MemorySegment rows,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    distances[at] = one(a, rows, offset0, dimension);
    distances[at + 1] = one(a, rows, offset1, dimension);
    distances[at + 2] = one(a, rows, offset2, dimension);
    distances[at + 3] = one(a, rows, offset3, dimension);
  }
}
