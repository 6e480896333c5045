package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * One metric over float32 rows, for one and for four rows. Stateless.
 *
 * <p>This holds for all kernel interfaces: operands were checked by the caller, an implementation
 * reads them unchecked. An implementation by vectors is given {@link Rows#MEMORY} for every
 * segment, with addresses as offsets.
 */
interface FloatKernel {

  float one(MemorySegment a, long aOffset, MemorySegment row, long offset, int dimension);

  float one(float[] a, MemorySegment row, long offset, int dimension);

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
      int at);

  void four(
      float[] a,
      MemorySegment rows,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] distances,
      int at);
}
