package io.firn.simd;

import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.floats;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Cosine distance over native float32 rows: product and both norms in one pass. */
final class CosineVector implements FloatKernel {

  /** For rows shorter than a vector. */
  private static final FloatKernel SHORTER = new CosineScalar();

  CosineVector() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    if (dimension < COUNT) {
      return SHORTER.one(a, aOffset, row, offset, dimension);
    }
    long x = a.address() + aOffset;
    long y = row.address() + offset;
    FloatVector product = FloatVector.zero(FLOATS);
    FloatVector xNorm = product;
    FloatVector yNorm = product;
    int i = 0;
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      FloatVector p = floats(x + 4L * i);
      FloatVector q = floats(y + 4L * i);
      product = p.fma(q, product);
      xNorm = p.fma(p, xNorm);
      yNorm = q.fma(q, yNorm);
    }
    if (i < dimension) {
      long last = 4L * (dimension - COUNT);
      FloatVector p = floats(x + last);
      FloatVector q = floats(y + last);
      VectorMask<Float> fresh = Lanes.fresh(dimension - i);
      product = product.add(p.mul(q), fresh);
      xNorm = xNorm.add(p.mul(p), fresh);
      yNorm = yNorm.add(q.mul(q), fresh);
    }
    return distance(product, xNorm, yNorm);
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    if (dimension < COUNT) {
      return SHORTER.one(a, row, offset, dimension);
    }
    long y = row.address() + offset;
    FloatVector product = FloatVector.zero(FLOATS);
    FloatVector xNorm = product;
    FloatVector yNorm = product;
    int i = 0;
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      FloatVector p = floats(a, i);
      FloatVector q = floats(y + 4L * i);
      product = p.fma(q, product);
      xNorm = p.fma(p, xNorm);
      yNorm = q.fma(q, yNorm);
    }
    if (i < dimension) {
      int last = dimension - COUNT;
      FloatVector p = floats(a, last);
      FloatVector q = floats(y + 4L * last);
      VectorMask<Float> fresh = Lanes.fresh(dimension - i);
      product = product.add(p.mul(q), fresh);
      xNorm = xNorm.add(p.mul(p), fresh);
      yNorm = yNorm.add(q.mul(q), fresh);
    }
    return distance(product, xNorm, yNorm);
  }

  private static float distance(FloatVector product, FloatVector xNorm, FloatVector yNorm) {
    return CosineScalar.distance(
        product.reduceLanes(VectorOperators.ADD),
        xNorm.reduceLanes(VectorOperators.ADD),
        yNorm.reduceLanes(VectorOperators.ADD));
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
