package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.B2S;
import static jdk.incubator.vector.VectorOperators.BIT_COUNT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Exact kernels of byte rows in native memory. Bytes widen to shorts, and products of two bytes
 * stay shorts: C2 has neither VNNI nor {@code vpmaddwd} to offer, but twice as many 16-bit products
 * fit in a register as 32-bit ones.
 *
 * <p>Shorts are summed by pairs, read as the unsigned 16-bit halves {@code low} and {@code high} of
 * an int. One sum adds whole ints, the other {@code high} alone: {@code Σ low = Σ int - (Σ high <<
 * 16)}, exact while it is below 2^32.
 */
final class ByteVectors implements ByteKernel {

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(COUNT * Short.SIZE));

  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, INTS.vectorShape());

  /** Bytes that one load brings. */
  private static final int STEP = BYTES.length();

  /** Makes the sum of two products of bytes, -32,512 to 32,768, an unsigned short. */
  private static final short BIAS = 32_512;

  private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, INTS.vectorShape());

  private static final int REGISTER = LONGS.vectorByteSize();

  private static final ByteKernel TAIL = new ByteScalar();

  ByteVectors() {}

  @Override
  public long product(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    ShortVector bias = ShortVector.broadcast(SHORTS, BIAS);
    int whole = dimension & -STEP;
    long total = 0;
    for (int chunk = 0; chunk < whole; chunk += CHUNK) {
      int length = Math.min(whole - chunk, CHUNK);
      long x = aOffset + chunk;
      long y = bOffset + chunk;
      IntVector all = IntVector.zero(INTS);
      IntVector high = all;
      int i = 0;
      for (int end = length & -(2 * STEP); i < end; i += 2 * STEP) {
        ShortVector p =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector products = p.mul(q);
        p =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        IntVector pairs = products.add(p.mul(q)).add(bias).reinterpretAsInts();
        all = all.add(pairs);
        high = high.add(pairs.lanewise(LSHR, 16));
      }
      int biased = (i / 2);
      if (i < length) {
        ShortVector p =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        IntVector pairs = p.mul(q).add(bias).reinterpretAsInts();
        all = all.add(pairs);
        high = high.add(pairs.lanewise(LSHR, 16));
        biased += STEP;
      }
      total += all.sub(high.lanewise(LSHL, 16)).add(high).reduceLanes(ADD) - (long) BIAS * biased;
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
      IntVector all = IntVector.zero(INTS);
      IntVector high = all;
      int i = 0;
      for (int end = length & -(2 * STEP); i < end; i += 2 * STEP) {
        ShortVector p =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector d = p.sub(q);
        IntVector pairs = d.mul(d).reinterpretAsInts();
        all = all.add(pairs);
        high = high.add(pairs.lanewise(LSHR, 16));
        p =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES, MEMORY, ((x + i) & ADDRESS) + STEP, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        q =
            (ShortVector)
                ByteVector.fromMemorySegment(
                        BYTES, MEMORY, ((y + i) & ADDRESS) + STEP, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        d = p.sub(q);
        pairs = d.mul(d).reinterpretAsInts();
        all = all.add(pairs);
        high = high.add(pairs.lanewise(LSHR, 16));
      }
      if (i < length) {
        ShortVector p =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (x + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector q =
            (ShortVector)
                ByteVector.fromMemorySegment(BYTES, MEMORY, (y + i) & ADDRESS, LITTLE_ENDIAN)
                    .convertShape(B2S, SHORTS, 0);
        ShortVector d = p.sub(q);
        IntVector pairs = d.mul(d).reinterpretAsInts();
        all = all.add(pairs);
        high = high.add(pairs.lanewise(LSHR, 16));
      }
      total += all.sub(high.lanewise(LSHL, 16)).add(high).reduceLanes(ADD);
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
