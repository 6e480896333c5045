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
      MemorySegment rows,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    long bytes = (long) dimension * Float.BYTES;
    Rows.check(a, aOffset, bytes);
    Rows.check(rows, offset0, offset1, offset2, offset3, bytes);
    Objects.checkFromIndexSize(at, 4, distances.length);
    if (Kernels.VECTORIZED && a.isNative() && rows.isNative()) {
      long base = rows.address();
      slot.get()
          .four(
              MEMORY,
              a.address() + aOffset,
              MEMORY,
              base + offset0,
              base + offset1,
              base + offset2,
              base + offset3,
              dimension,
              distances,
              at);
    } else {
      twin.four(a, aOffset, rows, offset0, offset1, offset2, offset3, dimension, distances, at);
    }
    Rows.keepAlive(a);
    Rows.keepAlive(rows);
  }

  void four(
      float[] a,
      MemorySegment rows,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    Rows.check(a, dimension);
    Rows.check(rows, offset0, offset1, offset2, offset3, (long) dimension * Float.BYTES);
    Objects.checkFromIndexSize(at, 4, distances.length);
    if (Kernels.VECTORIZED && rows.isNative()) {
      long base = rows.address();
      slot.get()
          .four(
              a,
              MEMORY,
              base + offset0,
              base + offset1,
              base + offset2,
              base + offset3,
              dimension,
              distances,
              at);
    } else {
      twin.four(a, rows, offset0, offset1, offset2, offset3, dimension, distances, at);
    }
    Rows.keepAlive(rows);
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
          base + stride * ids[i + 1],
          base + stride * ids[i + 2],
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
            rows.at(row + 1),
            rows.at(row + 2),
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
