package io.firn.simd;

import static io.firn.simd.Rows.MEMORY;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One metric of float32 rows: checks operands, then runs the vector kernel, or its scalar twin when
 * kernels are scalar or memory is on the heap.
 *
 * <p>A record, because C2 trusts the fields of a constant record: the kernel is called directly.
 */
record FloatFamily(Metric metric, KernelSlot<FloatKernel> slot, FloatKernel twin) {

  static FloatFamily of(Metric metric) {
    FloatKernel twin = scalar(metric);
    FloatKernel kernel = Kernels.VECTORIZED ? vector(metric) : twin;
    return new FloatFamily(metric, KernelSlot.of(FloatKernel.class, kernel), twin);
  }

  static FloatKernel scalar(Metric metric) {
    return KernelTemplate.instantiate(
        metric == Metric.COSINE ? CosineScalar.class : FloatKernelScalar.class,
        FloatKernel.class,
        metric);
  }

  static FloatKernel vector(Metric metric) {
    return KernelTemplate.instantiate(
        metric == Metric.COSINE ? CosineVector.class : FloatKernelVector.class,
        FloatKernel.class,
        metric);
  }

  float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    long bytes = (long) dimension * Float.BYTES;
    Rows.check(a, aOffset, bytes);
    Rows.check(row, offset, bytes);
    float distance =
        Kernels.VECTORIZED && a.isNative() && row.isNative()
            ? slot.get()
                .one(MEMORY, a.address() + aOffset, MEMORY, row.address() + offset, dimension)
            : twin.one(a, aOffset, row, offset, dimension);
    Rows.keepAlive(a);
    Rows.keepAlive(row);
    return distance;
  }

  float one(float[] a, MemorySegment row, long offset, int dimension) {
    Rows.check(a, dimension);
    Rows.check(row, offset, (long) dimension * Float.BYTES);
    float distance =
        Kernels.VECTORIZED && row.isNative()
            ? slot.get().one(a, MEMORY, row.address() + offset, dimension)
            : twin.one(a, row, offset, dimension);
    Rows.keepAlive(row);
    return distance;
  }

  void four(
      MemorySegment a,
      long aOffset,
      MemorySegment row0,
      long offset0,
      MemorySegment row1,
      long offset1,
      MemorySegment row2,
      long offset2,
      MemorySegment row3,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    Rows.check(a, aOffset, (long) dimension * Float.BYTES);
    check(row0, offset0, row1, offset1, row2, offset2, row3, offset3, dimension);
    Objects.checkFromIndexSize(at, 4, distances.length);
    if (Kernels.VECTORIZED && a.isNative() && native4(row0, row1, row2, row3)) {
      slot.get()
          .four(
              MEMORY,
              a.address() + aOffset,
              MEMORY,
              row0.address() + offset0,
              row1.address() + offset1,
              row2.address() + offset2,
              row3.address() + offset3,
              dimension,
              distances,
              at);
    } else {
      distances[at] = twin.one(a, aOffset, row0, offset0, dimension);
      distances[at + 1] = twin.one(a, aOffset, row1, offset1, dimension);
      distances[at + 2] = twin.one(a, aOffset, row2, offset2, dimension);
      distances[at + 3] = twin.one(a, aOffset, row3, offset3, dimension);
    }
    Rows.keepAlive(a);
    keepAlive(row0, row1, row2, row3);
  }

  void four(
      float[] a,
      MemorySegment row0,
      long offset0,
      MemorySegment row1,
      long offset1,
      MemorySegment row2,
      long offset2,
      MemorySegment row3,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    Rows.check(a, dimension);
    check(row0, offset0, row1, offset1, row2, offset2, row3, offset3, dimension);
    Objects.checkFromIndexSize(at, 4, distances.length);
    if (Kernels.VECTORIZED && native4(row0, row1, row2, row3)) {
      slot.get()
          .four(
              a,
              MEMORY,
              row0.address() + offset0,
              row1.address() + offset1,
              row2.address() + offset2,
              row3.address() + offset3,
              dimension,
              distances,
              at);
    } else {
      distances[at] = twin.one(a, row0, offset0, dimension);
      distances[at + 1] = twin.one(a, row1, offset1, dimension);
      distances[at + 2] = twin.one(a, row2, offset2, dimension);
      distances[at + 3] = twin.one(a, row3, offset3, dimension);
    }
    keepAlive(row0, row1, row2, row3);
  }

  private static void check(
      MemorySegment row0,
      long offset0,
      MemorySegment row1,
      long offset1,
      MemorySegment row2,
      long offset2,
      MemorySegment row3,
      long offset3,
      int dimension) {
    long bytes = (long) dimension * Float.BYTES;
    Rows.check(row0, offset0, bytes);
    Rows.check(row1, offset1, bytes);
    Rows.check(row2, offset2, bytes);
    Rows.check(row3, offset3, bytes);
  }

  private static boolean native4(
      MemorySegment row0, MemorySegment row1, MemorySegment row2, MemorySegment row3) {
    return row0.isNative() && row1.isNative() && row2.isNative() && row3.isNative();
  }

  private static void keepAlive(
      MemorySegment row0, MemorySegment row1, MemorySegment row2, MemorySegment row3) {
    Rows.keepAlive(row0);
    Rows.keepAlive(row1);
    Rows.keepAlive(row2);
    Rows.keepAlive(row3);
  }

  /** Rows {@code base + stride * ids[i]}, four at a time. */
  void gather(
      float[] a,
      MemorySegment rows,
      long base,
      long stride,
      int[] ids,
      int count,
      int dimension,
      float[] distances) {
    Objects.checkFromIndexSize(0, count, ids.length);
    Objects.checkFromIndexSize(0, count, distances.length);
    int i = 0;
    for (; i < count - 3; i += 4) {
      four(
          a,
          rows,
          base + stride * ids[i],
          rows,
          base + stride * ids[i + 1],
          rows,
          base + stride * ids[i + 2],
          rows,
          base + stride * ids[i + 3],
          dimension,
          distances,
          i);
    }
    for (; i < count; i++) {
      distances[i] = one(a, rows, base + stride * ids[i], dimension);
    }
  }

  /** Every query with every row; four rows stay in the first cache while all queries pass. */
  void pairs(RowBlock queries, RowBlock rows, int dimension, float[] distances) {
    Objects.checkFromIndexSize(
        0, Math.multiplyExact(queries.count(), rows.count()), distances.length);
    int row = 0;
    for (; row < rows.count() - 3; row += 4) {
      for (int query = 0; query < queries.count(); query++) {
        four(
            queries.memory(),
            queries.at(query),
            rows.memory(),
            rows.at(row),
            rows.memory(),
            rows.at(row + 1),
            rows.memory(),
            rows.at(row + 2),
            rows.memory(),
            rows.at(row + 3),
            dimension,
            distances,
            query * rows.count() + row);
      }
    }
    for (; row < rows.count(); row++) {
      for (int query = 0; query < queries.count(); query++) {
        distances[query * rows.count() + row] =
            one(queries.memory(), queries.at(query), rows.memory(), rows.at(row), dimension);
      }
    }
  }
}
