package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Estimates of one {@link CodeBlock}. Called as {@link FloatKernel} says. Stateless. */
interface BlockKernel {

  /**
   * Dimensions after which 16-bit sums may overflow: {@code 4096 / 4} table entries of at most
   * {@link CodeQuery#LARGEST}.
   */
  int CHUNK = 4096;

  int below(
      MemorySegment nodes,
      long node,
      CodeBlock block,
      CodeQuery query,
      float centroid,
      float threshold,
      int[] ids,
      float[] estimates);
}
