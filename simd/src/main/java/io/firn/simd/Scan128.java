package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.MEMORY;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Scan by the passes of {@link Block128}, whose sums go through an array. */
final class Scan128 implements ScanKernel {

  Scan128() {}

  @Override
  public int next(
      MemorySegment codes,
      int from,
      int end,
      BlockScan scan,
      CodeQuery query,
      float shared,
      ScanLimits limits) {
    CodeBlock block = scan.block();
    int[] sums = limits.sums;
    float step = query.step();
    float bias = query.bias(1);
    int at = from;
    for (; at < end; at++) {
      long record = codes.address() + at * scan.blockBytes();
      long plane = record + block.codesAt();
      Arrays.fill(sums, 0, CodeBlock.SLOTS, 0);
      Block128.sumPairs(plane, query.tableAddress(), block.dimension(), sums);
      Block128.addPairs(sums, 0);
      float limit = limit(record + scan.marginsAt(), limits);
      int near =
          Block128.estimate(record, block, shared, step, bias, limit, sums, limits.estimates);
      if (near != 0) {
        break;
      }
    }
    return at;
  }

  private static float limit(long marginsAt, ScanLimits limits) {
    long margins = marginsAt & ADDRESS;
    float limit = limits.threshold();
    for (int i = 0; i < ScanLimits.MARGINS; i++) {
      limit = Math.fma(MEMORY.get(Rows.FLOAT, margins + 4L * i), limits.weight(i), limit);
    }
    return limit;
  }
}
