package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * One metric between a float32 query and rows of unsigned 8-bit or packed 4-bit codes. Called as
 * {@link FloatKernel} says. Stateless.
 */
interface CodeKernel {

  /** The constant a template is instantiated with. */
  record Shape(Metric metric, int bits) {}

  float one(float[] query, MemorySegment codes, long offset, int dimension);

  void four(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] results,
      int at);
}
