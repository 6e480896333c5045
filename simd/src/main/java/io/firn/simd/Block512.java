package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
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
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Block estimates in 512-bit registers: four groups at once, their four tables side by side in one
 * register, and the group's number in bits 4 and 5 of the index of the byte permutation.
 *
 * <p>Two methods, written out, between which sums pass through the result array: past {@code
 * NodeCountInliningCutoff} C2 inlines only what the JDK forces, and a helper left out would pass
 * its vectors in heap boxes (165 ns instead of 17). One method of all comes near that size
 * (docs/decisions/016). Constants are read from arrays, for C2 would load a literal again at each
 * use.
 */
final class Block512 implements BlockKernel {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Short> FACTORS = ShortVector.SPECIES_256;

  static final int[] NIBBLE = filled(0x0F0F0F0F);
  static final int[] EVEN = filled(0x00FF00FF);

  /** The group of each byte in bits 4 and 5 of its index. */
  static final int[] GROUP = groups();

  static final VectorMask<Long> UPPER_HALF =
      VectorMask.fromLong(LongVector.SPECIES_512, 0b1111_0000);
  static final VectorMask<Long> ODD_QUARTERS =
      VectorMask.fromLong(LongVector.SPECIES_512, 0b1100_1100);
  static final VectorShuffle<Long> SWAP_HALVES =
      VectorShuffle.fromValues(LongVector.SPECIES_512, 4, 5, 6, 7, 0, 1, 2, 3);
  static final VectorShuffle<Long> SWAP_QUARTERS =
      VectorShuffle.fromValues(LongVector.SPECIES_512, 2, 3, 0, 1, 6, 7, 4, 5);

  Block512() {}

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
    long affine = record + block.affineAt();
    float addBase = Lanes.scalar(affine) + centroid;
    float addStep = Lanes.scalar(affine + 4);
    float rescaleBase = Lanes.scalar(affine + 8);
    float rescaleStep = Lanes.scalar(affine + 12);
    float queryStep = query.step();
    float queryBias = query.bias(block.bits());
    long factors = (record + block.factorsAt()) & ADDRESS;
    long idsAt = (record + block.idsAt()) & ADDRESS;
    IntVector sums0 = IntVector.fromArray(INTS, ids, 0);
    IntVector sums1 = IntVector.fromArray(INTS, ids, 16);
    FloatVector step = FloatVector.broadcast(FLOATS, queryStep);
    FloatVector bias = FloatVector.broadcast(FLOATS, queryBias);
    IntVector adds0 =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    FloatVector rescales0 =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 64, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    FloatVector estimates0 =
        rescales0
            .fma(
                FloatVector.broadcast(FLOATS, rescaleStep),
                FloatVector.broadcast(FLOATS, rescaleBase))
            .fma(
                ((FloatVector) sums0.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds0.convert(I2F, 0))
                    .fma(
                        FloatVector.broadcast(FLOATS, addStep),
                        FloatVector.broadcast(FLOATS, addBase)));
    VectorMask<Float> near0 =
        estimates0.compare(LT, threshold).and(adds0.compare(NE, CodeBlock.EMPTY).cast(FLOATS));
    IntVector adds1 =
        (IntVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 32, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0);
    FloatVector rescales1 =
        (FloatVector)
            ShortVector.fromMemorySegment(FACTORS, MEMORY, factors + 96, LITTLE_ENDIAN)
                .convertShape(ZERO_EXTEND_S2I, INTS, 0)
                .convert(I2F, 0);
    FloatVector estimates1 =
        rescales1
            .fma(
                FloatVector.broadcast(FLOATS, rescaleStep),
                FloatVector.broadcast(FLOATS, rescaleBase))
            .fma(
                ((FloatVector) sums1.convert(I2F, 0)).fma(step, bias),
                ((FloatVector) adds1.convert(I2F, 0))
                    .fma(
                        FloatVector.broadcast(FLOATS, addStep),
                        FloatVector.broadcast(FLOATS, addBase)));
    VectorMask<Float> near1 =
        estimates1.compare(LT, threshold).and(adds1.compare(NE, CodeBlock.EMPTY).cast(FLOATS));
    estimates0.compress(near0).intoArray(estimates, 0);
    IntVector.fromMemorySegment(INTS, MEMORY, idsAt, LITTLE_ENDIAN)
        .compress(near0.cast(INTS))
        .intoArray(ids, 0);
    int found = near0.trueCount();
    estimates1.compress(near1).intoArray(estimates, found);
    IntVector.fromMemorySegment(INTS, MEMORY, idsAt + 64, LITTLE_ENDIAN)
        .compress(near1.cast(INTS))
        .intoArray(ids, found);
    found += near1.trueCount();
    return found;
  }

  /** Writes the 32 weighted sums of table entries to {@code sums}. */
  private static void sum(long codesAt, int dimension, int bits, long tableAddress, int[] sums) {
    long plane = codesAt;
    IntVector nibble = IntVector.fromArray(INTS, NIBBLE, 0);
    IntVector even = IntVector.fromArray(INTS, EVEN, 0);
    IntVector lane = IntVector.fromArray(INTS, GROUP, 0);
    IntVector sums0 = IntVector.zero(INTS);
    IntVector sums1 = sums0;
    for (int bit = 0; bit < bits; bit++) {
      sums0 = sums0.lanewise(LSHL, 1);
      sums1 = sums1.lanewise(LSHL, 1);
      for (int chunk = 0; chunk < dimension; chunk += CHUNK) {
        IntVector evenLow = IntVector.zero(INTS);
        IntVector evenHigh = evenLow;
        IntVector oddLow = evenLow;
        IntVector oddHigh = evenLow;
        for (int i = chunk, end = Math.min(dimension, chunk + CHUNK); i < end; i += 64) {
          long codes = (plane + 4L * i) & ADDRESS;
          long table = (tableAddress + 4L * i) & ADDRESS;
          IntVector pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes, LITTLE_ENDIAN);
          ByteVector entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table, LITTLE_ENDIAN);
          ByteVector low = pairs.and(nibble).or(lane).reinterpretAsBytes().selectFrom(entries);
          ByteVector high =
              pairs.lanewise(LSHR, 4).and(nibble).or(lane).reinterpretAsBytes().selectFrom(entries);
          pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 64, LITTLE_ENDIAN);
          entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 64, LITTLE_ENDIAN);
          low = low.add(pairs.and(nibble).or(lane).reinterpretAsBytes().selectFrom(entries));
          high =
              high.add(
                  pairs
                      .lanewise(LSHR, 4)
                      .and(nibble)
                      .or(lane)
                      .reinterpretAsBytes()
                      .selectFrom(entries));
          pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 128, LITTLE_ENDIAN);
          entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 128, LITTLE_ENDIAN);
          low = low.add(pairs.and(nibble).or(lane).reinterpretAsBytes().selectFrom(entries));
          high =
              high.add(
                  pairs
                      .lanewise(LSHR, 4)
                      .and(nibble)
                      .or(lane)
                      .reinterpretAsBytes()
                      .selectFrom(entries));
          pairs = IntVector.fromMemorySegment(INTS, MEMORY, codes + 192, LITTLE_ENDIAN);
          entries = ByteVector.fromMemorySegment(BYTES, MEMORY, table + 192, LITTLE_ENDIAN);
          low = low.add(pairs.and(nibble).or(lane).reinterpretAsBytes().selectFrom(entries));
          high =
              high.add(
                  pairs
                      .lanewise(LSHR, 4)
                      .and(nibble)
                      .or(lane)
                      .reinterpretAsBytes()
                      .selectFrom(entries));
          IntVector lows = low.reinterpretAsInts();
          IntVector highs = high.reinterpretAsInts();
          evenLow = evenLow.add(lows.and(even));
          evenHigh = evenHigh.add(highs.and(even));
          oddLow = oddLow.add(lows.lanewise(LSHR, 8).and(even));
          oddHigh = oddHigh.add(highs.lanewise(LSHR, 8).and(even));
        }
        // each quarter register has the sums of every fourth group: add the quarters, two at a time
        LongVector e = evenLow.reinterpretAsLongs();
        LongVector o = oddLow.reinterpretAsLongs();
        LongVector lowSums =
            e.blend(o, UPPER_HALF)
                .reinterpretAsInts()
                .add(o.blend(e, UPPER_HALF).rearrange(SWAP_HALVES).reinterpretAsInts())
                .reinterpretAsLongs();
        e = evenHigh.reinterpretAsLongs();
        o = oddHigh.reinterpretAsLongs();
        LongVector highSums =
            e.blend(o, UPPER_HALF)
                .reinterpretAsInts()
                .add(o.blend(e, UPPER_HALF).rearrange(SWAP_HALVES).reinterpretAsInts())
                .reinterpretAsLongs();
        IntVector pairs =
            lowSums
                .blend(highSums, ODD_QUARTERS)
                .reinterpretAsInts()
                .add(
                    highSums
                        .blend(lowSums, ODD_QUARTERS)
                        .rearrange(SWAP_QUARTERS)
                        .reinterpretAsInts());
        sums0 = sums0.add(pairs.and(0xFFFF));
        sums1 = sums1.add(pairs.lanewise(LSHR, 16));
      }
      plane += 4L * dimension;
    }
    sums0.intoArray(sums, 0);
    sums1.intoArray(sums, 16);
  }

  private static int[] filled(int value) {
    int[] lanes = new int[16];
    Arrays.fill(lanes, value);
    return lanes;
  }

  private static int[] groups() {
    int[] lanes = new int[16];
    Arrays.setAll(lanes, lane -> lane / 4 * 0x10101010);
    return lanes;
  }
}
