package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * One metric over float32 rows, for one and for four rows. Operands were checked by the caller: an
 * implementation reads them unchecked. Stateless.
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
