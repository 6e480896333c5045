package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.S2I;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact kernels of byte rows in native memory. A product of bytes, or the square of a difference as
 * an unsigned number, fits in 16 bits; then it widens to an int. C2 has no multiply-add of bytes
 * (VNNI) to offer. Written out for the reason given at {@link FloatKernelVector}.
 */
final class ByteVectors implements ByteKernel {

  /** As many bytes as int lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  private static final int STEP = BYTES.length();

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(STEP * Short.SIZE));

  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, INTS.vectorShape());

  private static final int REGISTER = LONGS.vectorByteSize();

  private static final ByteKernel TAIL = new ByteScalar();

  ByteVectors() {}

  @Override
  public long product(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    int whole = dimension & -STEP;
    long total = 0;
    for (int chunk = 0; chunk < whole; chunk += CHUNK) {
      int length = Math.min(whole - chunk, CHUNK);
      long x = aOffset + chunk;
      long y = bOffset + chunk;
      IntVector sum0 = IntVector.zero(INTS);
      IntVector sum1 = sum0;
      int i = 0;
      for (int end = length & -(2 * STEP); i < end; i += 2 * STEP) {
        ByteVector x8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector y8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        ShortVector term =
            ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).mul(y8.convertShape(B2S, SHORTS, 0));
        sum0 = sum0.add(term.convertShape(S2I, INTS, 0));
        if (STEP > COUNT) {
          sum0 = sum0.add(term.convertShape(S2I, INTS, 1));
        }

        x8 = ByteVector.fromMemorySegment(BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        y8 = ByteVector.fromMemorySegment(BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        term = ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).mul(y8.convertShape(B2S, SHORTS, 0));
        sum1 = sum1.add(term.convertShape(S2I, INTS, 0));
        if (STEP > COUNT) {
          sum1 = sum1.add(term.convertShape(S2I, INTS, 1));
        }
      }
      if (i < length) {
        ByteVector x8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector y8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        ShortVector term =
            ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).mul(y8.convertShape(B2S, SHORTS, 0));
        sum0 = sum0.add(term.convertShape(S2I, INTS, 0));
        if (STEP > COUNT) {
          sum0 = sum0.add(term.convertShape(S2I, INTS, 1));
        }
      }
      total += sum0.add(sum1).reduceLanes(ADD);
    }
    return whole == dimension
        ? total
        : total + TAIL.product(a, aOffset + whole, b, bOffset + whole, dimension - whole);
  }

  @Override
  public long squaredL2(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    int whole = dimension & -STEP;
    long total = 0;
    for (int chunk = 0; chunk < whole; chunk += CHUNK) {
      int length = Math.min(whole - chunk, CHUNK);
      long x = aOffset + chunk;
      long y = bOffset + chunk;
      IntVector sum0 = IntVector.zero(INTS);
      IntVector sum1 = sum0;
      int i = 0;
      for (int end = length & -(2 * STEP); i < end; i += 2 * STEP) {
        ByteVector x8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector y8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        ShortVector term =
            ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).sub(y8.convertShape(B2S, SHORTS, 0));
        term = term.mul(term);
        sum0 = sum0.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 0));
        if (STEP > COUNT) {
          sum0 = sum0.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 1));
        }

        x8 = ByteVector.fromMemorySegment(BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        y8 = ByteVector.fromMemorySegment(BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        term = ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).sub(y8.convertShape(B2S, SHORTS, 0));
        term = term.mul(term);
        sum1 = sum1.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 0));
        if (STEP > COUNT) {
          sum1 = sum1.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 1));
        }
      }
      if (i < length) {
        ByteVector x8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector y8 =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        ShortVector term =
            ((ShortVector) x8.convertShape(B2S, SHORTS, 0)).sub(y8.convertShape(B2S, SHORTS, 0));
        term = term.mul(term);
        sum0 = sum0.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 0));
        if (STEP > COUNT) {
          sum0 = sum0.add(term.convertShape(ZERO_EXTEND_S2I, INTS, 1));
        }
      }
      total += sum0.add(sum1).reduceLanes(ADD);
    }
    return whole == dimension
        ? total
        : total + TAIL.squaredL2(a, aOffset + whole, b, bOffset + whole, dimension - whole);
  }

  @Override
  public int hamming(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    LongVector sum0 = LongVector.zero(LONGS);
    LongVector sum1 = sum0;
    int i = 0;
    for (int end = bytes & -(4 * REGISTER); i < end; i += 4 * REGISTER) {
      LongVector x =
          LongVector.fromMemorySegment(LONGS, MEMORY, (aOffset + i) & ADDRESS, LITTLE_ENDIAN);
      LongVector y =
          LongVector.fromMemorySegment(LONGS, MEMORY, (bOffset + i) & ADDRESS, LITTLE_ENDIAN);
      sum0 = sum0.add(x.lanewise(XOR, y).lanewise(BIT_COUNT));
      x =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((aOffset + i) & ADDRESS) + REGISTER, LITTLE_ENDIAN);
      y =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((bOffset + i) & ADDRESS) + REGISTER, LITTLE_ENDIAN);
      sum1 = sum1.add(x.lanewise(XOR, y).lanewise(BIT_COUNT));
      x =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((aOffset + i) & ADDRESS) + 2L * REGISTER, LITTLE_ENDIAN);
      y =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((bOffset + i) & ADDRESS) + 2L * REGISTER, LITTLE_ENDIAN);
      sum0 = sum0.add(x.lanewise(XOR, y).lanewise(BIT_COUNT));
      x =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((aOffset + i) & ADDRESS) + 3L * REGISTER, LITTLE_ENDIAN);
      y =
          LongVector.fromMemorySegment(
              LONGS, MEMORY, ((bOffset + i) & ADDRESS) + 3L * REGISTER, LITTLE_ENDIAN);
      sum1 = sum1.add(x.lanewise(XOR, y).lanewise(BIT_COUNT));
    }
    for (int end = bytes & -REGISTER; i < end; i += REGISTER) {
      LongVector x =
          LongVector.fromMemorySegment(LONGS, MEMORY, (aOffset + i) & ADDRESS, LITTLE_ENDIAN);
      LongVector y =
          LongVector.fromMemorySegment(LONGS, MEMORY, (bOffset + i) & ADDRESS, LITTLE_ENDIAN);
      sum0 = sum0.add(x.lanewise(XOR, y).lanewise(BIT_COUNT));
    }
    int whole = (int) sum0.add(sum1).reduceLanes(ADD);
    return i == bytes ? whole : whole + TAIL.hamming(a, aOffset + i, b, bOffset + i, bytes - i);
  }
}
