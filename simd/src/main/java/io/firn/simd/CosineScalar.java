package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Scalar twin of {@link CosineVector}. */
final class CosineScalar implements FloatKernel {

  CosineScalar() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    float product = 0;
    float aNorm = 0;
    float rowNorm = 0;
    for (int i = 0; i < dimension; i++) {
      float x = a.get(Rows.FLOAT, aOffset + (long) i * Float.BYTES);
      float y = row.get(Rows.FLOAT, offset + (long) i * Float.BYTES);
      product += x * y;
      aNorm += x * x;
      rowNorm += y * y;
    }
    return distance(product, aNorm, rowNorm);
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    float product = 0;
    float aNorm = 0;
    float rowNorm = 0;
    for (int i = 0; i < dimension; i++) {
      float y = row.get(Rows.FLOAT, offset + (long) i * Float.BYTES);
      product += a[i] * y;
      aNorm += a[i] * a[i];
      rowNorm += y * y;
    }
    return distance(product, aNorm, rowNorm);
  }

  /** The end of every cosine kernel; in double, where a product of two norms cannot overflow. */
  static float distance(float product, float aNorm, float rowNorm) {
    double length = Math.sqrt((double) aNorm * rowNorm);
    return length == 0 ? 1 : (float) Math.clamp(1 - product / length, 0.0, 2.0);
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
