package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Scan in 512-bit registers: the sums of {@link Block512}, block after block. One method, for the
 * reason given there.
 */
final class Scan512 implements ScanKernel {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Short> FACTORS = ShortVector.SPECIES_256;
  private static final VectorMask<Long> UPPER_HALF = Block512.UPPER_HALF;
  private static final VectorMask<Long> ODD_QUARTERS = Block512.ODD_QUARTERS;
  private static final VectorShuffle<Long> SWAP_HALVES = Block512.SWAP_HALVES;
  private static final VectorShuffle<Long> SWAP_QUARTERS = Block512.SWAP_QUARTERS;

  Scan512() {}

  @Override
  public int next(
      MemorySegment nodes,
      int from,
      int end,
      BlockScan scan,
      CodeQuery query,
      float shared,
      ScanLimits limits) {
    CodeBlock block = scan.block();
    long record = nodes.address() + from * scan.blockBytes();
    long blockBytes = scan.blockBytes();
    long marginsAt = scan.marginsAt();
    long affineAt = block.affineAt();
    long factorsAt = block.factorsAt();
    long codesAt = block.codesAt();
    long tableAddress = query.tableAddress();
    int dimension = block.dimension();
    float threshold = limits.threshold();
    float weight0 = limits.weight(0);
    float weight1 = limits.weight(1);
    float weight2 = limits.weight(2);
    float weight3 = limits.weight(3);
    float step = query.step();
    float offset = query.bias(1);
    int at = from;
    for (; at < end; at++, record += blockBytes) {
      long margins = (record + marginsAt) & ADDRESS;
      float margin0 = MEMORY.get(Rows.FLOAT, margins);
      float margin1 = MEMORY.get(Rows.FLOAT, margins + 4);
      float margin2 = MEMORY.get(Rows.FLOAT, margins + 8);
      float margin3 = MEMORY.get(Rows.FLOAT, margins + 12);
      long affine = (record + affineAt) & ADDRESS;
      float addBase = MEMORY.get(Rows.FLOAT, affine) + shared;
      float addStep = MEMORY.get(Rows.FLOAT, affine + 4);
      float rescaleBase = MEMORY.get(Rows.FLOAT, affine + 8);
      float rescaleStep = MEMORY.get(Rows.FLOAT, affine + 12);
      long factors = (record + factorsAt) & ADDRESS;
      long plane = record + codesAt;
      IntVector nibble = IntVector.fromArray(INTS, Block512.NIBBLE, 0);
      IntVector even = IntVector.fromArray(INTS, Block512.EVEN, 0);
      IntVector lane = IntVector.fromArray(INTS, Block512.GROUP, 0);
      IntVector evenLow = IntVector.zero(INTS);
      IntVector evenHigh = evenLow;
      IntVector oddLow = evenLow;
      IntVector oddHigh = evenLow;
      for (int i = 0; i < dimension; i += 64) {
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
      FloatVector scale = FloatVector.broadcast(FLOATS, step);
      FloatVector bias = FloatVector.broadcast(FLOATS, offset);
      float limit =
          Math.fma(
              margin3,
              weight3,
              Math.fma(
                  margin2,
                  weight2,
                  Math.fma(margin1, weight1, Math.fma(margin0, weight0, threshold))));
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
                  ((FloatVector) pairs.and(0xFFFF).convert(I2F, 0)).fma(scale, bias),
                  ((FloatVector) adds0.convert(I2F, 0))
                      .fma(
                          FloatVector.broadcast(FLOATS, addStep),
                          FloatVector.broadcast(FLOATS, addBase)));
      VectorMask<Float> near0 =
          estimates0.compare(LT, limit).and(adds0.compare(NE, CodeBlock.EMPTY).cast(FLOATS));
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
                  ((FloatVector) pairs.lanewise(LSHR, 16).convert(I2F, 0)).fma(scale, bias),
                  ((FloatVector) adds1.convert(I2F, 0))
                      .fma(
                          FloatVector.broadcast(FLOATS, addStep),
                          FloatVector.broadcast(FLOATS, addBase)));
      VectorMask<Float> near1 =
          estimates1.compare(LT, limit).and(adds1.compare(NE, CodeBlock.EMPTY).cast(FLOATS));
      if (near0.or(near1).anyTrue()) {
        break;
      }
    }
    return at;
  }
}
