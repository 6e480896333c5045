package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Block estimates of 256-bit machines: sums in 128-bit registers, one group at a time, for C2 has
 * no byte permutation within the halves of a 256-bit register; estimates in 256-bit ones.
 *
 * <p>One method, written out for the reason given at {@link Block512}. Codes are loaded twice: a
 * load costs less than the copy that C2 makes of a register that is read as bytes and as ints. An
 * index needs no mask, for {@code selectFrom} wraps it.
 */
final class Block256 implements BlockKernel {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
  private static final VectorSpecies<Integer> HALF = IntVector.SPECIES_128;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
  private static final VectorSpecies<Short> FACTORS = ShortVector.SPECIES_128;
  private static final VectorShuffle<Integer> SWAP_HALVES =
      VectorShuffle.fromValues(INTS, 4, 5, 6, 7, 0, 1, 2, 3);

  private static final int[] EVEN = new int[4];

  /** The bit of each slot. */
  private static final int[] BITS = new int[CodeBlock.SLOTS];

  static {
    Arrays.fill(EVEN, 0x00FF00FF);
    Arrays.setAll(BITS, slot -> 1 << slot);
  }

  Block256() {}

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
    int dimension = block.dimension();
    long plane = record + block.codesAt();
    // first, while C2 still inlines
    long affine = record + block.affineAt();
    float addBase = Lanes.scalar(affine) + centroid;
    float addStep = Lanes.scalar(affine + 4);
    float rescaleBase = Lanes.scalar(affine + 8);
    float rescaleStep = Lanes.scalar(affine + 12);
    float queryStep = query.step();
    float queryBias = query.bias(block.bits());
    long factors = (record + block.factorsAt()) & ADDRESS;
    long idsAt = (record + block.idsAt()) & ADDRESS;
    IntVector even = IntVector.fromArray(HALF, EVEN, 0);
    IntVector sums0 = IntVector.zero(INTS);
    IntVector sums1 = sums0;
    IntVector sums2 = sums0;
    IntVector sums3 = sums0;
    for (int bit = 0; bit < block.bits(); bit++) {
      sums0 = sums0.lanewise(LSHL, 1);
      sums1 = sums1.lanewise(LSHL, 1);
      sums2 = sums2.lanewise(LSHL, 1);
      sums3 = sums3.lanewise(LSHL, 1);
      for (int chunk = 0; chunk < dimension; chunk += CHUNK) {
        IntVector allLow = IntVector.zero(HALF);
        IntVector allHigh = allLow;
        IntVector oddLow = allLow;
        IntVector oddHigh = allLow;
        for (int i = chunk, end = Math.min(dimension, chunk + CHUNK); i < end; i += 16) {
          long codes = (plane + 4L * i) & ADDRESS;
          long table = (query.tableAddress() + 4L * i) & ADDRESS;
          IntVector pairs = IntVector.fromMemorySegment(HALF, MEMORY, codes, LITTLE_ENDIAN);
          ByteVector both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes, LITTLE_ENDIAN);
          ByteVector entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table, LITTLE_ENDIAN);
          ByteVector low = both.selectFrom(entries);
          ByteVector high = pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries);
          pairs = IntVector.fromMemorySegment(HALF, MEMORY, codes + 16, LITTLE_ENDIAN);
          both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes + 16, LITTLE_ENDIAN);
          entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 16, LITTLE_ENDIAN);
          low = low.add(both.selectFrom(entries));
          high = high.add(pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries));
          pairs = IntVector.fromMemorySegment(HALF, MEMORY, codes + 32, LITTLE_ENDIAN);
          both = ByteVector.fromMemorySegment(BYTES, MEMORY, codes + 32, LITTLE_ENDIAN);
          entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 32, LITTLE_ENDIAN);
          low = low.add(both.selectFrom(entries));
          high = high.add(pairs.lanewise(LSHR, 4).reinterpretAsBytes().selectFrom(entries));
          pairs = IntVector.fromMemorySegment(HALF, MEMORY, codes + 48, LITTLE_ENDIAN);
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
        // all = even + 256 * odd; low slots in the lower half of a register, high ones in the upper
        IntVector odd =
            ((IntVector) oddHigh.reinterpretShape(INTS, 0))
                .rearrange(SWAP_HALVES)
                .or((IntVector) oddLow.reinterpretShape(INTS, 0));
        IntVector evens =
            ((IntVector) allHigh.reinterpretShape(INTS, 0))
                .rearrange(SWAP_HALVES)
                .or((IntVector) allLow.reinterpretShape(INTS, 0))
                .sub(odd.lanewise(LSHL, 8));
        sums0 = sums0.add(evens.and(0xFFFF));
        sums1 = sums1.add(odd.and(0xFFFF));
        sums2 = sums2.add(evens.lanewise(LSHR, 16));
        sums3 = sums3.add(odd.lanewise(LSHR, 16));
      }
      plane += 4L * dimension;
    }
    FloatVector step = FloatVector.broadcast(FLOATS, queryStep);
    FloatVector bias = FloatVector.broadcast(FLOATS, queryBias);
    FloatVector addBases = FloatVector.broadcast(FLOATS, addBase);
    FloatVector addSteps = FloatVector.broadcast(FLOATS, addStep);
    FloatVector rescaleBases = FloatVector.broadcast(FLOATS, rescaleBase);
    FloatVector rescaleSteps = FloatVector.broadcast(FLOATS, rescaleStep);

    IntVector near = IntVector.zero(INTS);
    IntVector none = near;
    IntVector adds =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    FloatVector rescales =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 64, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    FloatVector estimate =
        rescales
            .fma(rescaleSteps, rescaleBases)
            .fma(
                ((FloatVector) sums0.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds.convert(I2F, 0)).fma(addSteps, addBases));
    estimate.intoArray(estimates, 0);
    near =
        near.or(
            none.blend(
                    IntVector.fromArray(INTS, BITS, 0), estimate.compare(LT, threshold).cast(INTS))
                .blend(none, adds.compare(EQ, CodeBlock.EMPTY)));
    adds =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 16, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    rescales =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 80, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    estimate =
        rescales
            .fma(rescaleSteps, rescaleBases)
            .fma(
                ((FloatVector) sums1.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds.convert(I2F, 0)).fma(addSteps, addBases));
    estimate.intoArray(estimates, 8);
    near =
        near.or(
            none.blend(
                    IntVector.fromArray(INTS, BITS, 8), estimate.compare(LT, threshold).cast(INTS))
                .blend(none, adds.compare(EQ, CodeBlock.EMPTY)));
    adds =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 32, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    rescales =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 96, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    estimate =
        rescales
            .fma(rescaleSteps, rescaleBases)
            .fma(
                ((FloatVector) sums2.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds.convert(I2F, 0)).fma(addSteps, addBases));
    estimate.intoArray(estimates, 16);
    near =
        near.or(
            none.blend(
                    IntVector.fromArray(INTS, BITS, 16), estimate.compare(LT, threshold).cast(INTS))
                .blend(none, adds.compare(EQ, CodeBlock.EMPTY)));
    adds =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 48, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    rescales =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 112, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    estimate =
        rescales
            .fma(rescaleSteps, rescaleBases)
            .fma(
                ((FloatVector) sums3.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds.convert(I2F, 0)).fma(addSteps, addBases));
    estimate.intoArray(estimates, 24);
    near =
        near.or(
            none.blend(
                    IntVector.fromArray(INTS, BITS, 24), estimate.compare(LT, threshold).cast(INTS))
                .blend(none, adds.compare(EQ, CodeBlock.EMPTY)));
    int found = 0;
    for (int left = near.reduceLanes(OR); left != 0; left &= left - 1) {
      int slot = Integer.numberOfTrailingZeros(left);
      estimates[found] = estimates[slot];
      ids[found++] = MEMORY.get(Lanes.INT, idsAt + 4L * slot);
    }
    return found;
  }
}
