package io.firn.simd;

import static io.firn.simd.Lanes.BYTES;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.floats;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Squared L2, L1 or inner product over native float32 rows, by {@link Metric}. Each form has a main
 * loop that hides the latency of the addition (four sums for one row, two for each of four rows), a
 * loop for the vectors left over, and a tail that unpadded rows pay for.
 */
final class FloatKernelVector implements FloatKernel {

  private static final Metric METRIC =
      KernelTemplate.constant(MethodHandles.lookup(), Metric.class);

  /** Floats of a step of the main loop. */
  private static final int STEP = 4 * COUNT;

  FloatKernelVector() {}

  @Override
  public float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    long x = a.address() + aOffset;
    long y = row.address() + offset;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      long xAt = x + 4L * i;
      long yAt = y + 4L * i;
      sum0 = step(floats(xAt, 0), floats(yAt, 0), sum0);
      sum1 = step(floats(xAt, BYTES), floats(yAt, BYTES), sum1);
      sum2 = step(floats(xAt, 2 * BYTES), floats(yAt, 2 * BYTES), sum2);
      sum3 = step(floats(xAt, 3 * BYTES), floats(yAt, 3 * BYTES), sum3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      sum0 = step(floats(x + 4L * i), floats(y + 4L * i), sum0);
    }
    float tail = i < dimension ? tail(x, y, i, dimension) : 0;
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD) + tail;
  }

  @Override
  public float one(float[] a, MemorySegment row, long offset, int dimension) {
    long y = row.address() + offset;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      long yAt = y + 4L * i;
      sum0 = step(floats(a, i), floats(yAt, 0), sum0);
      sum1 = step(floats(a, i + COUNT), floats(yAt, BYTES), sum1);
      sum2 = step(floats(a, i + 2 * COUNT), floats(yAt, 2 * BYTES), sum2);
      sum3 = step(floats(a, i + 3 * COUNT), floats(yAt, 3 * BYTES), sum3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      sum0 = step(floats(a, i), floats(y + 4L * i), sum0);
    }
    float tail = i < dimension ? tail(a, y, i, dimension) : 0;
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD) + tail;
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
    long x = a.address() + aOffset;
    long y0 = rows.address() + offset0;
    long y1 = rows.address() + offset1;
    long y2 = rows.address() + offset2;
    long y3 = rows.address() + offset3;
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
      FloatVector q = floats(x + 4L * i, 0);
      sum0 = step(q, floats(y0 + 4L * i, 0), sum0);
      sum1 = step(q, floats(y1 + 4L * i, 0), sum1);
      sum2 = step(q, floats(y2 + 4L * i, 0), sum2);
      sum3 = step(q, floats(y3 + 4L * i, 0), sum3);
      q = floats(x + 4L * i, BYTES);
      more0 = step(q, floats(y0 + 4L * i, BYTES), more0);
      more1 = step(q, floats(y1 + 4L * i, BYTES), more1);
      more2 = step(q, floats(y2 + 4L * i, BYTES), more2);
      more3 = step(q, floats(y3 + 4L * i, BYTES), more3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      FloatVector q = floats(x + 4L * i);
      sum0 = step(q, floats(y0 + 4L * i), sum0);
      sum1 = step(q, floats(y1 + 4L * i), sum1);
      sum2 = step(q, floats(y2 + 4L * i), sum2);
      sum3 = step(q, floats(y3 + 4L * i), sum3);
    }
    distances[at] = sum0.add(more0).reduceLanes(VectorOperators.ADD);
    distances[at + 1] = sum1.add(more1).reduceLanes(VectorOperators.ADD);
    distances[at + 2] = sum2.add(more2).reduceLanes(VectorOperators.ADD);
    distances[at + 3] = sum3.add(more3).reduceLanes(VectorOperators.ADD);
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
    long y0 = rows.address() + offset0;
    long y1 = rows.address() + offset1;
    long y2 = rows.address() + offset2;
    long y3 = rows.address() + offset3;
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
      FloatVector q = floats(a, i);
      sum0 = step(q, floats(y0 + 4L * i, 0), sum0);
      sum1 = step(q, floats(y1 + 4L * i, 0), sum1);
      sum2 = step(q, floats(y2 + 4L * i, 0), sum2);
      sum3 = step(q, floats(y3 + 4L * i, 0), sum3);
      q = floats(a, i + COUNT);
      more0 = step(q, floats(y0 + 4L * i, BYTES), more0);
      more1 = step(q, floats(y1 + 4L * i, BYTES), more1);
      more2 = step(q, floats(y2 + 4L * i, BYTES), more2);
      more3 = step(q, floats(y3 + 4L * i, BYTES), more3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      FloatVector q = floats(a, i);
      sum0 = step(q, floats(y0 + 4L * i), sum0);
      sum1 = step(q, floats(y1 + 4L * i), sum1);
      sum2 = step(q, floats(y2 + 4L * i), sum2);
      sum3 = step(q, floats(y3 + 4L * i), sum3);
    }
    distances[at] = sum0.add(more0).reduceLanes(VectorOperators.ADD);
    distances[at + 1] = sum1.add(more1).reduceLanes(VectorOperators.ADD);
    distances[at + 2] = sum2.add(more2).reduceLanes(VectorOperators.ADD);
    distances[at + 3] = sum3.add(more3).reduceLanes(VectorOperators.ADD);
    if (i < dimension) {
      distances[at] += tail(a, y0, i, dimension);
      distances[at + 1] += tail(a, y1, i, dimension);
      distances[at + 2] += tail(a, y2, i, dimension);
      distances[at + 3] += tail(a, y3, i, dimension);
    }
  }

  /** Adds one vector of terms; {@link #METRIC} is constant, so no branch is left. */
  private static FloatVector step(FloatVector a, FloatVector b, FloatVector sum) {
    if (METRIC == Metric.INNER_PRODUCT) {
      return a.fma(b, sum);
    }
    FloatVector difference = a.sub(b);
    return METRIC == Metric.L1 ? sum.add(difference.abs()) : difference.fma(difference, sum);
  }

  private static float tail(long x, long y, int from, int dimension) {
    if (dimension < COUNT) {
      float sum = 0;
      for (int i = from; i < dimension; i++) {
        sum = step(Lanes.scalar(x + 4L * i), Lanes.scalar(y + 4L * i), sum);
      }
      return sum;
    }
    long last = 4L * (dimension - COUNT);
    return tail(floats(x + last), floats(y + last), dimension - from);
  }

  private static float tail(float[] a, long y, int from, int dimension) {
    if (dimension < COUNT) {
      float sum = 0;
      for (int i = from; i < dimension; i++) {
        sum = step(a[i], Lanes.scalar(y + 4L * i), sum);
      }
      return sum;
    }
    int last = dimension - COUNT;
    return tail(floats(a, last), floats(y + 4L * last), dimension - from);
  }

  /** The terms of the row's last vector that no loop has seen. */
  private static float tail(FloatVector a, FloatVector b, int tail) {
    VectorMask<Float> fresh = Lanes.fresh(tail);
    FloatVector zero = FloatVector.zero(FLOATS);
    return step(zero.blend(a, fresh), zero.blend(b, fresh), zero).reduceLanes(VectorOperators.ADD);
  }

  private static float step(float a, float b, float sum) {
    if (METRIC == Metric.INNER_PRODUCT) {
      return sum + a * b;
    }
    float difference = a - b;
    return METRIC == Metric.L1 ? sum + Math.abs(difference) : sum + difference * difference;
  }
}
