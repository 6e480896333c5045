package io.firn.simd;

import java.lang.foreign.MemorySegment;

/** Scalar twin of the scans: its sums are integers and its rounding steps are theirs. */
final class ScanScalar implements ScanKernel {

  @Override
  public int next(
      MemorySegment codes,
      int from,
      int end,
      BlockScan scan,
      CodeQuery query,
      float shared,
      ScanLimits limits) {
    int at = from;
    while (at < end && !anyNear(codes, at * scan.blockBytes(), scan, query, shared, limits)) {
      at++;
    }
    return at;
  }

  private static boolean anyNear(
      MemorySegment codes,
      long record,
      BlockScan scan,
      CodeQuery query,
      float shared,
      ScanLimits limits) {
    CodeBlock block = scan.block();
    long plane = record + block.codesAt();
    float limit = limit(codes, record + scan.marginsAt(), limits);
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int sum = BlockScalar.planeSum(codes, plane, query, block.dimension(), slot);
      float product = Math.fma((float) sum, query.step(), query.bias(1));
      float estimate = BlockScalar.estimate(codes, record, block, slot, product, shared);
      if (estimate < limit && !BlockScalar.isEmpty(codes, record, block, slot)) {
        return true;
      }
    }
    return false;
  }

  private static float limit(MemorySegment codes, long marginsAt, ScanLimits limits) {
    float limit = limits.threshold();
    for (int i = 0; i < ScanLimits.MARGINS; i++) {
      limit = Math.fma(codes.get(Rows.FLOAT, marginsAt + 4L * i), limits.weight(i), limit);
    }
    return limit;
  }
}
