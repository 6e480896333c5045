package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin of {@link ByteVectors}. */
final class ByteScalar implements ByteKernel {

  @Override
  public long product(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long sum = 0;
    for (int i = 0; i < dimension; i++) {
      sum +=
          (long) a.get(ValueLayout.JAVA_BYTE, aOffset + i)
              * b.get(ValueLayout.JAVA_BYTE, bOffset + i);
    }
    return sum;
  }

  @Override
  public long squaredL2(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long sum = 0;
    for (int i = 0; i < dimension; i++) {
      int difference =
          a.get(ValueLayout.JAVA_BYTE, aOffset + i) - b.get(ValueLayout.JAVA_BYTE, bOffset + i);
      sum += (long) difference * difference;
    }
    return sum;
  }

  @Override
  public int hamming(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    int sum = 0;
    int i = 0;
    for (; i < bytes - 7; i += 8) {
      sum +=
          Long.bitCount(
              a.get(ValueLayout.JAVA_LONG_UNALIGNED, aOffset + i)
                  ^ b.get(ValueLayout.JAVA_LONG_UNALIGNED, bOffset + i));
    }
    for (; i < bytes; i++) {
      int differing =
          a.get(ValueLayout.JAVA_BYTE, aOffset + i) ^ b.get(ValueLayout.JAVA_BYTE, bOffset + i);
      sum += Integer.bitCount(differing & 0xFF);
    }
    return sum;
  }
}
