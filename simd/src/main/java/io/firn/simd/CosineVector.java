package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.BYTES;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GE;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Cosine distance over native float32 rows: product and both norms in one pass, the query's norm
 * once for four rows. Written out for the reason given at {@link FloatKernelVector}.
 */
final class CosineVector implements FloatKernel {

  /**
   * Not final, so that C2 does not know it: with 256 bits there are 16 registers, and C2 unrolls a
   * loop whose step it knows four times, loads far ahead and keeps half of the sums on the stack
   * (docs/decisions/016).
   */
  private static int unknownCount = COUNT;

  private static final boolean FEW_REGISTERS = COUNT == 8;

  /** For rows shorter than a vector. */
  private static final FloatKernel SHORTER = new CosineScalar();

  CosineVector() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    if (dimension < COUNT) {
      return SHORTER.one(a, aOffset, row, offset, dimension);
    }
    long x = aOffset;
    long y = offset;
    FloatVector product0 = FloatVector.zero(FLOATS);
    FloatVector product1 = product0;
    FloatVector xNorm0 = product0;
    FloatVector xNorm1 = product0;
    FloatVector yNorm0 = product0;
    FloatVector yNorm1 = product0;
    int i = 0;
    int step = 2 * (FEW_REGISTERS ? unknownCount : COUNT);
    for (int end = dimension & -(2 * COUNT); i < end; i += step) {
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      xNorm0 = q.fma(q, xNorm0);
      yNorm0 = v.fma(v, yNorm0);
      q =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((x + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      product1 = q.fma(v, product1);
      xNorm1 = q.fma(q, xNorm1);
      yNorm1 = v.fma(v, yNorm1);
    }
    if (i <= dimension - COUNT) {
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      xNorm0 = q.fma(q, xNorm0);
      yNorm0 = v.fma(v, yNorm0);
      i += COUNT;
    }
    if (i < dimension) {
      long last = 4L * (dimension - COUNT);
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + last) & ADDRESS, LITTLE_ENDIAN);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + last) & ADDRESS, LITTLE_ENDIAN);
      VectorMask<Float> fresh = Lanes.IOTA.compare(GE, COUNT - (dimension - i)).cast(FLOATS);
      product0 = product0.add(q.mul(v), fresh);
      xNorm0 = xNorm0.add(q.mul(q), fresh);
      yNorm0 = yNorm0.add(v.mul(v), fresh);
    }
    return CosineScalar.distance(
        product0.add(product1).reduceLanes(ADD),
        xNorm0.add(xNorm1).reduceLanes(ADD),
        yNorm0.add(yNorm1).reduceLanes(ADD));
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    if (dimension < COUNT) {
      return SHORTER.one(a, row, offset, dimension);
    }

    long y = offset;
    FloatVector product0 = FloatVector.zero(FLOATS);
    FloatVector product1 = product0;
    FloatVector xNorm0 = product0;
    FloatVector xNorm1 = product0;
    FloatVector yNorm0 = product0;
    FloatVector yNorm1 = product0;
    int i = 0;
    int step = 2 * (FEW_REGISTERS ? unknownCount : COUNT);
    for (int end = dimension & -(2 * COUNT); i < end; i += step) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      xNorm0 = q.fma(q, xNorm0);
      yNorm0 = v.fma(v, yNorm0);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      product1 = q.fma(v, product1);
      xNorm1 = q.fma(q, xNorm1);
      yNorm1 = v.fma(v, yNorm1);
    }
    if (i <= dimension - COUNT) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      xNorm0 = q.fma(q, xNorm0);
      yNorm0 = v.fma(v, yNorm0);
      i += COUNT;
    }
    if (i < dimension) {
      long last = 4L * (dimension - COUNT);
      FloatVector q = FloatVector.fromArray(FLOATS, a, dimension - COUNT);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + last) & ADDRESS, LITTLE_ENDIAN);
      VectorMask<Float> fresh = Lanes.IOTA.compare(GE, COUNT - (dimension - i)).cast(FLOATS);
      product0 = product0.add(q.mul(v), fresh);
      xNorm0 = xNorm0.add(q.mul(q), fresh);
      yNorm0 = yNorm0.add(v.mul(v), fresh);
    }
    return CosineScalar.distance(
        product0.add(product1).reduceLanes(ADD),
        xNorm0.add(xNorm1).reduceLanes(ADD),
        yNorm0.add(yNorm1).reduceLanes(ADD));
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
    if (dimension % COUNT != 0) {
      distances[at] = one(a, aOffset, rows, offset0, dimension);
      distances[at + 1] = one(a, aOffset, rows, offset1, dimension);
      distances[at + 2] = one(a, aOffset, rows, offset2, dimension);
      distances[at + 3] = one(a, aOffset, rows, offset3, dimension);
      return;
    }
    long x = aOffset;
    long y0 = offset0;
    long y1 = offset1;
    long y2 = offset2;
    long y3 = offset3;
    FloatVector xNorm = FloatVector.zero(FLOATS);
    FloatVector product0 = xNorm;
    FloatVector yNorm0 = xNorm;
    FloatVector product1 = xNorm;
    FloatVector yNorm1 = xNorm;
    FloatVector product2 = xNorm;
    FloatVector yNorm2 = xNorm;
    FloatVector product3 = xNorm;
    FloatVector yNorm3 = xNorm;
    int step = FEW_REGISTERS ? unknownCount : COUNT;
    for (int i = 0; i < dimension; i += step) {
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      xNorm = q.fma(q, xNorm);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      yNorm0 = v.fma(v, yNorm0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product1 = q.fma(v, product1);
      yNorm1 = v.fma(v, yNorm1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product2 = q.fma(v, product2);
      yNorm2 = v.fma(v, yNorm2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product3 = q.fma(v, product3);
      yNorm3 = v.fma(v, yNorm3);
    }
    float norm = xNorm.reduceLanes(ADD);
    distances[at] = CosineScalar.distance(product0.reduceLanes(ADD), norm, yNorm0.reduceLanes(ADD));
    distances[at + 1] =
        CosineScalar.distance(product1.reduceLanes(ADD), norm, yNorm1.reduceLanes(ADD));
    distances[at + 2] =
        CosineScalar.distance(product2.reduceLanes(ADD), norm, yNorm2.reduceLanes(ADD));
    distances[at + 3] =
        CosineScalar.distance(product3.reduceLanes(ADD), norm, yNorm3.reduceLanes(ADD));
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
    if (dimension % COUNT != 0) {
      distances[at] = one(a, rows, offset0, dimension);
      distances[at + 1] = one(a, rows, offset1, dimension);
      distances[at + 2] = one(a, rows, offset2, dimension);
      distances[at + 3] = one(a, rows, offset3, dimension);
      return;
    }

    long y0 = offset0;
    long y1 = offset1;
    long y2 = offset2;
    long y3 = offset3;
    FloatVector xNorm = FloatVector.zero(FLOATS);
    FloatVector product0 = xNorm;
    FloatVector yNorm0 = xNorm;
    FloatVector product1 = xNorm;
    FloatVector yNorm1 = xNorm;
    FloatVector product2 = xNorm;
    FloatVector yNorm2 = xNorm;
    FloatVector product3 = xNorm;
    FloatVector yNorm3 = xNorm;
    int step = FEW_REGISTERS ? unknownCount : COUNT;
    for (int i = 0; i < dimension; i += step) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      xNorm = q.fma(q, xNorm);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product0 = q.fma(v, product0);
      yNorm0 = v.fma(v, yNorm0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product1 = q.fma(v, product1);
      yNorm1 = v.fma(v, yNorm1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product2 = q.fma(v, product2);
      yNorm2 = v.fma(v, yNorm2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      product3 = q.fma(v, product3);
      yNorm3 = v.fma(v, yNorm3);
    }
    float norm = xNorm.reduceLanes(ADD);
    distances[at] = CosineScalar.distance(product0.reduceLanes(ADD), norm, yNorm0.reduceLanes(ADD));
    distances[at + 1] =
        CosineScalar.distance(product1.reduceLanes(ADD), norm, yNorm1.reduceLanes(ADD));
    distances[at + 2] =
        CosineScalar.distance(product2.reduceLanes(ADD), norm, yNorm2.reduceLanes(ADD));
    distances[at + 3] =
        CosineScalar.distance(product3.reduceLanes(ADD), norm, yNorm3.reduceLanes(ADD));
  }
}
