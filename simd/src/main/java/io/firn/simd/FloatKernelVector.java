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
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Squared L2, L1 or inner product over native float32 rows, by {@link Metric}. Each form has a main
 * loop that hides the latency of the addition (four sums for one row, two for each of four rows), a
 * loop for the vectors left over, and a tail that unpadded rows pay for.
 *
 * <p>Kernels are written out, here and in all classes like this one, for two reasons. No vector is
 * passed to or from a method of ours: C2 leaves such a method out of line once the compilation is
 * large or the call looked rare so far, and the vector is then boxed on the heap. And a method
 * larger than {@code FreqInlineSize} (325 bytes) is never inlined into its callers: it is compiled
 * by itself, the same in every process.
 */
final class FloatKernelVector implements FloatKernel {

  private static final Metric METRIC =
      KernelTemplate.constant(MethodHandles.lookup(), Metric.class);

  // constants of a copy: of each conditional expression below one side is left
  private static final boolean PRODUCT = METRIC == Metric.INNER_PRODUCT;
  private static final boolean L1 = METRIC == Metric.L1;

  /** Floats of a step of the main loop. */
  private static final int STEP = 4 * COUNT;

  FloatKernelVector() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    long x = aOffset;
    long y = offset;
    for (long end = x + 4L * (dimension & -STEP); x != end; x += 4 * BYTES) {
      FloatVector q = FloatVector.fromMemorySegment(FLOATS, MEMORY, x & ADDRESS, LITTLE_ENDIAN);
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, MEMORY, y & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x & ADDRESS) + BYTES, LITTLE_ENDIAN);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
      y += 4 * BYTES;
    }
    if ((dimension & (2 * COUNT)) != 0) {
      FloatVector q = FloatVector.fromMemorySegment(FLOATS, MEMORY, x & ADDRESS, LITTLE_ENDIAN);
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, MEMORY, y & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x & ADDRESS) + BYTES, LITTLE_ENDIAN);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      x += 2 * BYTES;
      y += 2 * BYTES;
    }
    if ((dimension & COUNT) != 0) {
      FloatVector q = FloatVector.fromMemorySegment(FLOATS, MEMORY, x & ADDRESS, LITTLE_ENDIAN);
      FloatVector v = FloatVector.fromMemorySegment(FLOATS, MEMORY, y & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
    int tail = dimension & (COUNT - 1);
    return tail == 0 ? sum : sum + tail(aOffset, offset, dimension - tail, dimension);
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    long y = offset;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      q = FloatVector.fromArray(FLOATS, a, i + 2 * COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      q = FloatVector.fromArray(FLOATS, a, i + 3 * COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
    }
    if ((dimension & (2 * COUNT)) != 0) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      i += 2 * COUNT;
    }
    if ((dimension & COUNT) != 0) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
    int tail = dimension & (COUNT - 1);
    return tail == 0 ? sum : sum + tail(a, offset, dimension - tail, dimension);
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
    long x = aOffset;
    long y0 = offset0;
    long y1 = offset1;
    long y2 = offset2;
    long y3 = offset3;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector more0 = sum0;
    FloatVector more1 = sum0;
    FloatVector more2 = sum0;
    FloatVector more3 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * COUNT); i < end; i += 2 * COUNT) {
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
      q =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((x + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y0 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more0 = L1 ? more0.add(term.abs()) : term.fma(PRODUCT ? v : term, more0);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y1 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more1 = L1 ? more1.add(term.abs()) : term.fma(PRODUCT ? v : term, more1);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y2 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more2 = L1 ? more2.add(term.abs()) : term.fma(PRODUCT ? v : term, more2);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y3 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more3 = L1 ? more3.add(term.abs()) : term.fma(PRODUCT ? v : term, more3);
    }
    if (i <= dimension - COUNT) {
      FloatVector q =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
      i += COUNT;
    }
    distances[at] = sum0.add(more0).reduceLanes(ADD);
    distances[at + 1] = sum1.add(more1).reduceLanes(ADD);
    distances[at + 2] = sum2.add(more2).reduceLanes(ADD);
    distances[at + 3] = sum3.add(more3).reduceLanes(ADD);
    if (i < dimension) {
      distances[at] += tail(x, y0, i, dimension);
      distances[at + 1] += tail(x, y1, i, dimension);
      distances[at + 2] += tail(x, y2, i, dimension);
      distances[at + 3] += tail(x, y3, i, dimension);
    }
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

    long y0 = offset0;
    long y1 = offset1;
    long y2 = offset2;
    long y3 = offset3;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    FloatVector more0 = sum0;
    FloatVector more1 = sum0;
    FloatVector more2 = sum0;
    FloatVector more3 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * COUNT); i < end; i += 2 * COUNT) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y0 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more0 = L1 ? more0.add(term.abs()) : term.fma(PRODUCT ? v : term, more0);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y1 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more1 = L1 ? more1.add(term.abs()) : term.fma(PRODUCT ? v : term, more1);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y2 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more2 = L1 ? more2.add(term.abs()) : term.fma(PRODUCT ? v : term, more2);
      v =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y3 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      more3 = L1 ? more3.add(term.abs()) : term.fma(PRODUCT ? v : term, more3);
    }
    if (i <= dimension - COUNT) {
      FloatVector q = FloatVector.fromArray(FLOATS, a, i);
      FloatVector v =
          FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector term = PRODUCT ? q : q.sub(v);
      sum0 = L1 ? sum0.add(term.abs()) : term.fma(PRODUCT ? v : term, sum0);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum1 = L1 ? sum1.add(term.abs()) : term.fma(PRODUCT ? v : term, sum1);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum2 = L1 ? sum2.add(term.abs()) : term.fma(PRODUCT ? v : term, sum2);
      v = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      term = PRODUCT ? q : q.sub(v);
      sum3 = L1 ? sum3.add(term.abs()) : term.fma(PRODUCT ? v : term, sum3);
      i += COUNT;
    }
    distances[at] = sum0.add(more0).reduceLanes(ADD);
    distances[at + 1] = sum1.add(more1).reduceLanes(ADD);
    distances[at + 2] = sum2.add(more2).reduceLanes(ADD);
    distances[at + 3] = sum3.add(more3).reduceLanes(ADD);
    if (i < dimension) {
      distances[at] += tail(a, y0, i, dimension);
      distances[at + 1] += tail(a, y1, i, dimension);
      distances[at + 2] += tail(a, y2, i, dimension);
      distances[at + 3] += tail(a, y3, i, dimension);
    }
  }

  /** The terms of the last vector of a row that no loop has seen. */
  private static float tail(long x, long y, int from, int dimension) {
    if (dimension < COUNT) {
      float sum = 0;
      for (int i = from; i < dimension; i++) {
        sum = step(Lanes.scalar(x + 4L * i), Lanes.scalar(y + 4L * i), sum);
      }
      return sum;
    }
    long last = 4L * (dimension - COUNT);
    FloatVector q =
        FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + last) & ADDRESS, LITTLE_ENDIAN);
    FloatVector v =
        FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + last) & ADDRESS, LITTLE_ENDIAN);
    FloatVector term = PRODUCT ? q : q.sub(v);
    FloatVector terms = L1 ? term.abs() : term.mul(PRODUCT ? v : term);
    VectorMask<Float> fresh = Lanes.IOTA.compare(GE, COUNT - (dimension - from)).cast(FLOATS);
    return FloatVector.zero(FLOATS).blend(terms, fresh).reduceLanes(ADD);
  }

  private static float tail(float[] a, long y, int from, int dimension) {
    if (dimension < COUNT) {
      float sum = 0;
      for (int i = from; i < dimension; i++) {
        sum = step(a[i], Lanes.scalar(y + 4L * i), sum);
      }
      return sum;
    }
    long last = 4L * (dimension - COUNT);
    FloatVector q = FloatVector.fromArray(FLOATS, a, dimension - COUNT);
    FloatVector v =
        FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + last) & ADDRESS, LITTLE_ENDIAN);
    FloatVector term = PRODUCT ? q : q.sub(v);
    FloatVector terms = L1 ? term.abs() : term.mul(PRODUCT ? v : term);
    VectorMask<Float> fresh = Lanes.IOTA.compare(GE, COUNT - (dimension - from)).cast(FLOATS);
    return FloatVector.zero(FLOATS).blend(terms, fresh).reduceLanes(ADD);
  }

  private static float step(float a, float b, float sum) {
    if (PRODUCT) {
      return sum + a * b;
    }
    float difference = a - b;
    return L1 ? sum + Math.abs(difference) : sum + difference * difference;
  }
}
