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
        ByteVector bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        IntVector p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        IntVector q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        sum0 = sum0.add(p.mul(q));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          sum0 = sum0.add(p.mul(q));
        }
        bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        sum1 = sum1.add(p.mul(q));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          sum1 = sum1.add(p.mul(q));
        }
      }
      if (i < length) {
        ByteVector bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        IntVector p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        IntVector q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        sum0 = sum0.add(p.mul(q));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          sum0 = sum0.add(p.mul(q));
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
        ByteVector bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        IntVector p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        IntVector q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        IntVector d = p.sub(q);
        sum0 = sum0.add(d.mul(d));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          d = p.sub(q);
          sum0 = sum0.add(d.mul(d));
        }
        bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
        p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        d = p.sub(q);
        sum1 = sum1.add(d.mul(d));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          d = p.sub(q);
          sum1 = sum1.add(d.mul(d));
        }
      }
      if (i < length) {
        ByteVector bytesA =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytesB =
            ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN);
        IntVector p = (IntVector) bytesA.convertShape(B2I, INTS, 0);
        IntVector q = (IntVector) bytesB.convertShape(B2I, INTS, 0);
        IntVector d = p.sub(q);
        sum0 = sum0.add(d.mul(d));
        if (STEP > COUNT) {
          p = (IntVector) bytesA.convertShape(B2I, INTS, 1);
          q = (IntVector) bytesB.convertShape(B2I, INTS, 1);
          d = p.sub(q);
          sum0 = sum0.add(d.mul(d));
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
