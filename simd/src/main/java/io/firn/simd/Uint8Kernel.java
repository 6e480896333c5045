package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Float32 query times unsigned 8-bit codes. Operands were checked by the caller. Stateless. */
interface Uint8Kernel {

  float one(float[] query, MemorySegment codes, long offset, int dimension);

  void four(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] products,
      int at);
}
