package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.BYTES;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Squared L2, L1 or inner product over native float32 rows, by {@link Metric}. Each form has a main
 * loop that hides the latency of the addition (four sums for one row, two for each of four rows), a
 * loop for the vectors left over, and a tail that unpadded rows pay for.
 *
 * <p>Only methods of the JDK take or return vectors here: those are inlined always. A helper of
 * ours is not, where a profile says "seldom" or a caller's graph is large, and then every sum of
 * the loop lives in heap boxes (784 dimensions after a warm-up with 128 took four times as long).
 */
final class FloatKernelVector implements FloatKernel {

  private static final Metric METRIC =
      KernelTemplate.constant(MethodHandles.lookup(), Metric.class);

  /** Constant, so no branch on the metric is left. */
  private static final boolean PRODUCT = METRIC == Metric.INNER_PRODUCT;

  private static final boolean L1 = METRIC == Metric.L1;

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
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector q;
    FloatVector d;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      long xAt = x + 4L * i;
      long yAt = y + 4L * i;
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, xAt & ADDRESS, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, yAt & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (xAt & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (xAt & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (xAt & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
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
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector q;
    FloatVector d;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      long yAt = y + 4L * i;
      q = FloatVector.fromArray(FLOATS, a, i);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, yAt & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      q = FloatVector.fromArray(FLOATS, a, i + 2 * COUNT);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + 2 * BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      q = FloatVector.fromArray(FLOATS, a, i + 3 * COUNT);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (yAt & ADDRESS) + 3 * BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      q = FloatVector.fromArray(FLOATS, a, i);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
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
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector q;
    FloatVector d;
    int i = 0;
    for (int end = dimension & -(2 * COUNT); i < end; i += 2 * COUNT) {
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
      q =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((x + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y0 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more0 = (PRODUCT ? q : L1 ? one : d).fma(d, more0);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y1 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more1 = (PRODUCT ? q : L1 ? one : d).fma(d, more1);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y2 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more2 = (PRODUCT ? q : L1 ? one : d).fma(d, more2);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y3 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more3 = (PRODUCT ? q : L1 ? one : d).fma(d, more3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      q = FloatVector.fromMemorySegment(FLOATS, MEMORY, (x + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
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
    FloatVector one = FloatVector.broadcast(FLOATS, 1);
    FloatVector q;
    FloatVector d;
    int i = 0;
    for (int end = dimension & -(2 * COUNT); i < end; i += 2 * COUNT) {
      q = FloatVector.fromArray(FLOATS, a, i);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
      q = FloatVector.fromArray(FLOATS, a, i + COUNT);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y0 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more0 = (PRODUCT ? q : L1 ? one : d).fma(d, more0);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y1 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more1 = (PRODUCT ? q : L1 ? one : d).fma(d, more1);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y2 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more2 = (PRODUCT ? q : L1 ? one : d).fma(d, more2);
      d =
          FloatVector.fromMemorySegment(
              FLOATS, MEMORY, ((y3 + 4L * i) & ADDRESS) + BYTES, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      more3 = (PRODUCT ? q : L1 ? one : d).fma(d, more3);
    }
    for (int end = dimension & -COUNT; i < end; i += COUNT) {
      q = FloatVector.fromArray(FLOATS, a, i);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y0 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum0 = (PRODUCT ? q : L1 ? one : d).fma(d, sum0);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y1 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum1 = (PRODUCT ? q : L1 ? one : d).fma(d, sum1);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y2 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum2 = (PRODUCT ? q : L1 ? one : d).fma(d, sum2);
      d = FloatVector.fromMemorySegment(FLOATS, MEMORY, (y3 + 4L * i) & ADDRESS, LITTLE_ENDIAN);
      d = PRODUCT ? d : L1 ? q.sub(d).abs() : q.sub(d);
      sum3 = (PRODUCT ? q : L1 ? one : d).fma(d, sum3);
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
    FloatVector d =
        FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + last) & ADDRESS, LITTLE_ENDIAN);
    d = PRODUCT ? q.mul(d) : L1 ? q.sub(d).abs() : q.sub(d);
    d = METRIC == Metric.SQUARED_L2 ? d.mul(d) : d;
    return d.reduceLanes(VectorOperators.ADD, Lanes.fresh(dimension - from));
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
    FloatVector q = FloatVector.fromArray(FLOATS, a, last);
    FloatVector d =
        FloatVector.fromMemorySegment(FLOATS, MEMORY, (y + 4L * last) & ADDRESS, LITTLE_ENDIAN);
    d = PRODUCT ? q.mul(d) : L1 ? q.sub(d).abs() : q.sub(d);
    d = METRIC == Metric.SQUARED_L2 ? d.mul(d) : d;
    return d.reduceLanes(VectorOperators.ADD, Lanes.fresh(dimension - from));
  }

  private static float step(float a, float b, float sum) {
    if (METRIC == Metric.INNER_PRODUCT) {
      return sum + a * b;
    }
    float difference = a - b;
    return METRIC == Metric.L1 ? sum + Math.abs(difference) : sum + difference * difference;
  }
}
