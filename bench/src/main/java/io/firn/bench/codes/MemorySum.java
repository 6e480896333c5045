package io.firn.bench.codes;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Reads memory as fast as one thread can, and returns what keeps the reads alive. */
final class MemorySum {

  private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;

  private MemorySum() {}

  static long sum(MemorySegment memory) {
    LongVector sum0 = LongVector.zero(LANES);
    LongVector sum1 = sum0;
    LongVector sum2 = sum0;
    LongVector sum3 = sum0;
    long step = LANES.vectorByteSize();
    long end = memory.byteSize() - 4 * step;
    for (long at = 0; at <= end; at += 4 * step) {
      sum0 = sum0.add(LongVector.fromMemorySegment(LANES, memory, at, LITTLE_ENDIAN));
      sum1 = sum1.add(LongVector.fromMemorySegment(LANES, memory, at + step, LITTLE_ENDIAN));
      sum2 = sum2.add(LongVector.fromMemorySegment(LANES, memory, at + 2 * step, LITTLE_ENDIAN));
      sum3 = sum3.add(LongVector.fromMemorySegment(LANES, memory, at + 3 * step, LITTLE_ENDIAN));
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }
}
