package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Block estimates with sums in 128-bit registers, one group at a time, and estimates in whole ones.
 * Also the kernel of 256-bit machines: C2 has no byte permutation within the halves of a register.
 *
 * <p>Codes are loaded twice, as bytes and as ints: a load costs less than the copy that C2 makes of
 * a register that is read as both. An index needs no mask, for {@code selectFrom} wraps it.
 *
 * <p>Loops are written out for the reason given at {@link FloatKernelVector}, in methods that C2
 * compiles one by one: in a JVM whose profiles of the JDK's own methods are mixed, one method of
 * all was too large for C2 and boxed some of its vectors (docs/decisions/016). Between them values
 * pass through the result arrays.
 */
final class Block128 implements BlockKernel {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_128;
  private static final VectorSpecies<Short> FACTORS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

  private static final int[] EVEN = filled(0x00FF00FF);

  Block128() {}

  @Override
  public int below(
      MemorySegment nodes,
      long record,
      CodeBlock block,
      CodeQuery query,
      float centroid,
      float threshold,
      int[] ids,
      float[] estimates) {
    sum(record + block.codesAt(), block.dimension(), block.bits(), query.tableAddress(), ids);
    float bias = query.bias(block.bits());
    int near = estimate(record, block, centroid, query.step(), bias, threshold, ids, estimates);
    long idsAt = record + block.idsAt();
    int found = 0;
    for (; near != 0; near &= near - 1) {
      int slot = Integer.numberOfTrailingZeros(near);
      estimates[found] = estimates[slot];
      ids[found++] = MEMORY.get(Lanes.INT, (idsAt + 4L * slot) & ADDRESS);
    }
    return found;
  }

  /** Writes the 32 weighted sums of table entries to {@code sums}. */
  private static void sum(long plane, int dimension, int bits, long tableAddress, int[] sums) {
    Arrays.fill(sums, 0, CodeBlock.SLOTS, 0);
    for (int bit = 0; bit < bits; bit++) {
      for (int chunk = 0; chunk < dimension; chunk += CHUNK) {
        int length = Math.min(dimension - chunk, CHUNK);
        sumPairs(plane + 4L * chunk, tableAddress + 4L * chunk, length, sums);
        addPairs(sums, chunk == 0 ? 1 : 0);
      }
      plane += 4L * dimension;
    }
  }

  /** Writes sums as pairs of 16 bits, slots {@code i} and {@code i + 16}, behind the 32 sums. */
  static void sumPairs(long codesAt, long tableAt, int dimension, int[] sums) {
    IntVector even = IntVector.fromArray(INTS, EVEN, 0);
    IntVector allLow = IntVector.zero(INTS);
    IntVector allHigh = allLow;
    IntVector oddLow = allLow;
    IntVector oddHigh = allLow;
    for (int i = 0; i < dimension; i += 16) {
      long codes = (codesAt + 4L * i) & ADDRESS;
      long table = (tableAt + 4L * i) & ADDRESS;
      IntVector pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes, LITTLE_ENDIAN);
      ByteVector both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes, LITTLE_ENDIAN);
      ByteVector entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table, LITTLE_ENDIAN);
      ByteVector low = both.selectFrom(entries);
      ByteVector high = pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries);
      pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 16, LITTLE_ENDIAN);
      both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes + 16, LITTLE_ENDIAN);
      entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 16, LITTLE_ENDIAN);
      low = low.add(both.selectFrom(entries));
      high = high.add(pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries));
      pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 32, LITTLE_ENDIAN);
      both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes + 32, LITTLE_ENDIAN);
      entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 32, LITTLE_ENDIAN);
      low = low.add(both.selectFrom(entries));
      high = high.add(pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries));
      pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 48, LITTLE_ENDIAN);
      both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes + 48, LITTLE_ENDIAN);
      entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 48, LITTLE_ENDIAN);
      low = low.add(both.selectFrom(entries));
      high = high.add(pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries));
      IntVector lows = low.reinterpretAsInts();
      IntVector highs = high.reinterpretAsInts();
      allLow = allLow.add(lows);
      allHigh = allHigh.add(highs);
      oddLow = oddLow.add(lows.lanewise(LSHR, 8).and(even));
      oddHigh = oddHigh.add(highs.lanewise(LSHR, 8).and(even));
    }
    // all = even + 256 * odd
    allLow.sub(oddLow.lanewise(LSHL, 8)).intoArray(sums, CodeBlock.SLOTS);
    allHigh.sub(oddHigh.lanewise(LSHL, 8)).intoArray(sums, CodeBlock.SLOTS + 4);
    oddLow.intoArray(sums, CodeBlock.SLOTS + 8);
    oddHigh.intoArray(sums, CodeBlock.SLOTS + 12);
  }

  static void addPairs(int[] sums, int shift) {
    for (int slot = 0; slot < 16; slot += 4) {
      IntVector pairs = IntVector.fromArray(INTS, sums, CodeBlock.SLOTS + slot);
      IntVector.fromArray(INTS, sums, slot)
          .lanewise(LSHL, shift)
          .add(pairs.and(0xFFFF))
          .intoArray(sums, slot);
      IntVector.fromArray(INTS, sums, slot + 16)
          .lanewise(LSHL, shift)
          .add(pairs.lanewise(LSHR, 16))
          .intoArray(sums, slot + 16);
    }
  }

  /** Writes all 32 estimates; returns the slots of those below the threshold as bits. */
  static int estimate(
      long record,
      CodeBlock block,
      float centroid,
      float queryStep,
      float queryBias,
      float threshold,
      int[] sums,
      float[] estimates) {
    long affine = record + block.affineAt();
    FloatVector addBase = FloatVector.broadcast(FLOATS, Lanes.scalar(affine) + centroid);
    FloatVector addStep = FloatVector.broadcast(FLOATS, Lanes.scalar(affine + 4));
    FloatVector rescaleBase = FloatVector.broadcast(FLOATS, Lanes.scalar(affine + 8));
    FloatVector rescaleStep = FloatVector.broadcast(FLOATS, Lanes.scalar(affine + 12));
    FloatVector step = FloatVector.broadcast(FLOATS, queryStep);
    FloatVector bias = FloatVector.broadcast(FLOATS, queryBias);
    long factors = record + block.factorsAt();
    long near = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot += COUNT) {
      long at = (factors + 2L * slot) & ADDRESS;
      IntVector add =
          (IntVector)
              ShortVector.fromMemorySegment(FACTORS, MEMORY, at, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_S2I, Lanes.INTS, 0);
      FloatVector rescale =
          (FloatVector)
              ShortVector.fromMemorySegment(FACTORS, MEMORY, at + 64, LITTLE_ENDIAN)
                  .convertShape(ZERO_EXTEND_S2I, Lanes.INTS, 0)
                  .convert(I2F, 0);
      FloatVector product =
          ((FloatVector) IntVector.fromArray(Lanes.INTS, sums, slot).convert(I2F, 0))
              .fma(step, bias);
      FloatVector estimate =
          rescale
              .fma(rescaleStep, rescaleBase)
              .fma(product, ((FloatVector) add.convert(I2F, 0)).fma(addStep, addBase));
      estimate.intoArray(estimates, slot);
      VectorMask<Float> below =
          estimate.compare(LT, threshold).and(add.compare(NE, CodeBlock.EMPTY).cast(FLOATS));
      near |= below.toLong() << slot;
    }
    return (int) near;
  }

  private static int[] filled(int value) {
    int[] lanes = new int[4];
    Arrays.fill(lanes, value);
    return lanes;
  }
}
