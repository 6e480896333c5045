package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Search of 1-bit blocks for the next that may matter. Operands were checked. Stateless. */
interface ScanKernel {

  /** As {@link BlockScan#next}. */
  int next(
      MemorySegment codes,
      int from,
      int end,
      BlockScan scan,
      CodeQuery query,
      float shared,
      ScanLimits limits);
}
