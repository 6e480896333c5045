package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2I;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact kernels of byte rows in native memory. Bytes widen to ints: C2 has no multiply-add of bytes
 * (VNNI) to offer, and 16-bit products cost as many instructions in all.
 */
final class ByteVectors implements ByteKernel {

  /** As many bytes as int lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  private static final int STEP = BYTES.length();

  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, INTS.vectorShape());

  private static final int REGISTER = LONGS.vectorByteSize();

  private static final ByteKernel TAIL = new ByteScalar();

  ByteVectors() {}

  @Override
  public long product(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long x = a.address() + aOffset;
    long y = b.address() + bOffset;
    int whole = dimension & -STEP;
    long sum = 0;
    for (int i = 0; i < whole; i += CHUNK) {
      sum += product(x + i, y + i, Math.min(whole - i, CHUNK));
    }
    return whole == dimension
        ? sum
        : sum + TAIL.product(a, aOffset + whole, b, bOffset + whole, dimension - whole);
  }

  private static int product(long x, long y, int dimension) {
    IntVector sum0 = IntVector.zero(INTS);
    IntVector sum1 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * STEP); i < end; i += 2 * STEP) {
      sum0 = product(load(x + i), load(y + i), sum0);
      sum1 = product(load(x + i + STEP), load(y + i + STEP), sum1);
    }
    for (; i < dimension; i += STEP) {
      sum0 = product(load(x + i), load(y + i), sum0);
    }
    return sum0.add(sum1).reduceLanes(ADD);
  }

  private static IntVector product(ByteVector a, ByteVector b, IntVector sum) {
    sum = sum.add(widen(a, 0).mul(widen(b, 0)));
    return STEP == COUNT ? sum : sum.add(widen(a, 1).mul(widen(b, 1)));
  }

  @Override
  public long squaredL2(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long x = a.address() + aOffset;
    long y = b.address() + bOffset;
    int whole = dimension & -STEP;
    long sum = 0;
    for (int i = 0; i < whole; i += CHUNK) {
      sum += squaredL2(x + i, y + i, Math.min(whole - i, CHUNK));
    }
    return whole == dimension
        ? sum
        : sum + TAIL.squaredL2(a, aOffset + whole, b, bOffset + whole, dimension - whole);
  }

  private static int squaredL2(long x, long y, int dimension) {
    IntVector sum0 = IntVector.zero(INTS);
    IntVector sum1 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * STEP); i < end; i += 2 * STEP) {
      sum0 = squaredL2(load(x + i), load(y + i), sum0);
      sum1 = squaredL2(load(x + i + STEP), load(y + i + STEP), sum1);
    }
    for (; i < dimension; i += STEP) {
      sum0 = squaredL2(load(x + i), load(y + i), sum0);
    }
    return sum0.add(sum1).reduceLanes(ADD);
  }

  private static IntVector squaredL2(ByteVector a, ByteVector b, IntVector sum) {
    IntVector difference = widen(a, 0).sub(widen(b, 0));
    sum = sum.add(difference.mul(difference));
    if (STEP == COUNT) {
      return sum;
    }
    difference = widen(a, 1).sub(widen(b, 1));
    return sum.add(difference.mul(difference));
  }

  @Override
  public int hamming(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    long x = a.address() + aOffset;
    long y = b.address() + bOffset;
    LongVector sum = LongVector.zero(LONGS);
    int i = 0;
    for (int end = bytes & -REGISTER; i < end; i += REGISTER) {
      LongVector differing = longs(x + i).lanewise(XOR, longs(y + i));
      sum = sum.add(differing.lanewise(BIT_COUNT));
    }
    int whole = (int) sum.reduceLanes(ADD);
    return i == bytes ? whole : whole + TAIL.hamming(a, aOffset + i, b, bOffset + i, bytes - i);
  }

  private static ByteVector load(long address) {
    return ByteVector.fromMemorySegment(BYTES, MEMORY, address & ADDRESS, LITTLE_ENDIAN);
  }

  private static LongVector longs(long address) {
    return LongVector.fromMemorySegment(LONGS, MEMORY, address & ADDRESS, LITTLE_ENDIAN);
  }

  private static IntVector widen(ByteVector bytes, int part) {
    return (IntVector) bytes.convertShape(B2I, INTS, part);
  }
}
