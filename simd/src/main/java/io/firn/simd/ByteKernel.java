package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Exact kernels of two byte rows. Called as {@link FloatKernel} says. Stateless. */
interface ByteKernel {

  /** Bytes after which a sum of squared differences may overflow an int: {@code 2^31 / 255²}. */
  int CHUNK = 32_768;

  long product(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension);

  long squaredL2(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension);

  int hamming(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes);
}
