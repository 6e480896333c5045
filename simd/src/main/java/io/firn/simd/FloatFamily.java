package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One metric of float32 rows: checks operands, then runs the vector kernel, or its scalar twin when
 * kernels are scalar or memory is on the heap.
 *
 * <p>A record, because C2 trusts the fields of a constant record: the kernel is called directly.
 */
record FloatFamily(FloatKernel kernel, FloatKernel twin) {

  static FloatFamily of(Metric metric) {
    FloatKernel twin = scalar(metric);
    return new FloatFamily(Kernels.VECTORIZED ? vector(metric) : twin, twin);
  }

  static FloatKernel scalar(Metric metric) {
    return metric == Metric.COSINE
        ? new CosineScalar()
        : KernelTemplate.instantiate(FloatKernelScalar.class, FloatKernel.class, metric);
  }

  private static FloatKernel vector(Metric metric) {
    return metric == Metric.COSINE
        ? new CosineVector()
        : KernelTemplate.instantiate(FloatKernelVector.class, FloatKernel.class, metric);
  }

  float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension) {
    long bytes = (long) dimension * Float.BYTES;
    Rows.check(a, aOffset, bytes);
    Rows.check(row, offset, bytes);
    FloatKernel chosen = a.isNative() && row.isNative() ? kernel : twin;
    float distance = chosen.one(a, aOffset, row, offset, dimension);
    Rows.keepAlive(a);
    Rows.keepAlive(row);
    return distance;
  }

  float one(float[] a, MemorySegment row, long offset, int dimension) {
    Rows.check(a, dimension);
    Rows.check(row, offset, (long) dimension * Float.BYTES);
    FloatKernel chosen = row.isNative() ? kernel : twin;
    float distance = chosen.one(a, row, offset, dimension);
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
    FloatKernel chosen = a.isNative() && rows.isNative() ? kernel : twin;
    chosen.four(a, aOffset, rows, offset0, offset1, offset2, offset3, dimension, distances, at);
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
    FloatKernel chosen = rows.isNative() ? kernel : twin;
    chosen.four(a, rows, offset0, offset1, offset2, offset3, dimension, distances, at);
    Rows.keepAlive(rows);
  }
}
