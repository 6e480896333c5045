package io.firn.bench.codes;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Reads memory as fast as one thread can, and returns what keeps the reads alive: eight streams
 * side by side, each with a prefetcher of its own, a sixth faster than one stream where measured.
 */
final class MemorySum {

  private static final VectorSpecies<Long> LANES = LongVector.SPECIES_PREFERRED;
  private static final int STREAMS = 8;

  /** All of memory, so that no bounds check remains in the loop. */
  @SuppressWarnings("restricted") // addresses come from a segment that is checked
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private MemorySum() {}

  /** Sums a native segment, but for a rest of less than eight registers. */
  static long sum(MemorySegment memory) {
    long step = LANES.vectorByteSize();
    long stream = memory.byteSize() / (STREAMS * step) * step;
    long at = memory.address() & 0xFFFF_FFFF_FFFFL;
    long end = at + stream;
    LongVector sum0 = LongVector.zero(LANES);
    LongVector sum1 = sum0;
    LongVector sum2 = sum0;
    LongVector sum3 = sum0;
    for (; at < end; at += step) {
      sum0 = sum0.add(load(at)).add(load(at + 4 * stream));
      sum1 = sum1.add(load(at + stream)).add(load(at + 5 * stream));
      sum2 = sum2.add(load(at + 2 * stream)).add(load(at + 6 * stream));
      sum3 = sum3.add(load(at + 3 * stream)).add(load(at + 7 * stream));
    }
    return sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
  }

  private static LongVector load(long address) {
    return LongVector.fromMemorySegment(LANES, MEMORY, address, LITTLE_ENDIAN);
  }
}
