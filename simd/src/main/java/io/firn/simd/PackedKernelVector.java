package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 query and packed 4-bit codes in native memory. A load of bytes holds two runs of
 * dimensions, 16 apart: the low and the high halves of its bytes. Written out for the reason given
 * at {@link FloatKernelVector}.
 */
final class PackedKernelVector implements CodeKernel {

  private static final boolean SQUARED =
      KernelTemplate.constant(MethodHandles.lookup(), Shape.class).metric() == Metric.SQUARED_L2;

  /** As many bytes as float lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  /** Bytes that one load brings: with four lanes, two registers of ints. */
  private static final int STEP = BYTES.length();

  /** Registers of ints that a load widens to. */
  private static final int PARTS = STEP / COUNT;

  PackedKernelVector() {}

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    int whole = dimension & -32;
    FloatVector lows = FloatVector.zero(FLOATS);
    FloatVector highs = lows;
    for (int i = 0; i < whole; i += 32) {
      for (int j = 0; j < 16; j += STEP) {
        ByteVector bytes =
            ByteVector.fromMemorySegment(
                BYTES, MEMORY, (offset + i / 2 + j) & ADDRESS, LITTLE_ENDIAN);
        IntVector pairs = (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0);
        FloatVector code = (FloatVector) pairs.and(15).convert(I2F, 0);
        FloatVector q = FloatVector.fromArray(FLOATS, query, i + j);
        FloatVector term = SQUARED ? q.sub(code) : q;
        lows = term.fma(SQUARED ? term : code, lows);
        code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
        q = FloatVector.fromArray(FLOATS, query, i + j + 16);
        term = SQUARED ? q.sub(code) : q;
        highs = term.fma(SQUARED ? term : code, highs);
        if (PARTS > 1) {
          pairs = (IntVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1);
          code = (FloatVector) pairs.and(15).convert(I2F, 0);
          q = FloatVector.fromArray(FLOATS, query, i + j + COUNT);
          term = SQUARED ? q.sub(code) : q;
          lows = term.fma(SQUARED ? term : code, lows);
          code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
          q = FloatVector.fromArray(FLOATS, query, i + j + 16 + COUNT);
          term = SQUARED ? q.sub(code) : q;
          highs = term.fma(SQUARED ? term : code, highs);
        }
      }
    }
    float sum = lows.add(highs).reduceLanes(ADD);
    return whole == dimension ? sum : tail(query, codes, offset, whole, dimension, sum);
  }

  @Override
  public void four(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] results,
      int at) {
    int whole = dimension & -32;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int i = 0; i < whole; i += 32) {
      for (int j = 0; j < 16; j += STEP) {
        long byteAt = (long) i / 2 + j;
        ByteVector bytes0 =
            ByteVector.fromMemorySegment(
                BYTES, MEMORY, (offset0 + byteAt) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytes1 =
            ByteVector.fromMemorySegment(
                BYTES, MEMORY, (offset1 + byteAt) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytes2 =
            ByteVector.fromMemorySegment(
                BYTES, MEMORY, (offset2 + byteAt) & ADDRESS, LITTLE_ENDIAN);
        ByteVector bytes3 =
            ByteVector.fromMemorySegment(
                BYTES, MEMORY, (offset3 + byteAt) & ADDRESS, LITTLE_ENDIAN);
        FloatVector low = FloatVector.fromArray(FLOATS, query, i + j);
        FloatVector high = FloatVector.fromArray(FLOATS, query, i + j + 16);
        IntVector pairs = (IntVector) bytes0.convertShape(ZERO_EXTEND_B2I, INTS, 0);
        FloatVector code = (FloatVector) pairs.and(15).convert(I2F, 0);
        FloatVector term = SQUARED ? low.sub(code) : low;
        sum0 = term.fma(SQUARED ? term : code, sum0);
        code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
        term = SQUARED ? high.sub(code) : high;
        sum0 = term.fma(SQUARED ? term : code, sum0);
        pairs = (IntVector) bytes1.convertShape(ZERO_EXTEND_B2I, INTS, 0);
        code = (FloatVector) pairs.and(15).convert(I2F, 0);
        term = SQUARED ? low.sub(code) : low;
        sum1 = term.fma(SQUARED ? term : code, sum1);
        code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
        term = SQUARED ? high.sub(code) : high;
        sum1 = term.fma(SQUARED ? term : code, sum1);
        pairs = (IntVector) bytes2.convertShape(ZERO_EXTEND_B2I, INTS, 0);
        code = (FloatVector) pairs.and(15).convert(I2F, 0);
        term = SQUARED ? low.sub(code) : low;
        sum2 = term.fma(SQUARED ? term : code, sum2);
        code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
        term = SQUARED ? high.sub(code) : high;
        sum2 = term.fma(SQUARED ? term : code, sum2);
        pairs = (IntVector) bytes3.convertShape(ZERO_EXTEND_B2I, INTS, 0);
        code = (FloatVector) pairs.and(15).convert(I2F, 0);
        term = SQUARED ? low.sub(code) : low;
        sum3 = term.fma(SQUARED ? term : code, sum3);
        code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
        term = SQUARED ? high.sub(code) : high;
        sum3 = term.fma(SQUARED ? term : code, sum3);
        if (PARTS > 1) {
          low = FloatVector.fromArray(FLOATS, query, i + j + COUNT);
          high = FloatVector.fromArray(FLOATS, query, i + j + 16 + COUNT);
          pairs = (IntVector) bytes0.convertShape(ZERO_EXTEND_B2I, INTS, 1);
          code = (FloatVector) pairs.and(15).convert(I2F, 0);
          term = SQUARED ? low.sub(code) : low;
          sum0 = term.fma(SQUARED ? term : code, sum0);
          code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
          term = SQUARED ? high.sub(code) : high;
          sum0 = term.fma(SQUARED ? term : code, sum0);
          pairs = (IntVector) bytes1.convertShape(ZERO_EXTEND_B2I, INTS, 1);
          code = (FloatVector) pairs.and(15).convert(I2F, 0);
          term = SQUARED ? low.sub(code) : low;
          sum1 = term.fma(SQUARED ? term : code, sum1);
          code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
          term = SQUARED ? high.sub(code) : high;
          sum1 = term.fma(SQUARED ? term : code, sum1);
          pairs = (IntVector) bytes2.convertShape(ZERO_EXTEND_B2I, INTS, 1);
          code = (FloatVector) pairs.and(15).convert(I2F, 0);
          term = SQUARED ? low.sub(code) : low;
          sum2 = term.fma(SQUARED ? term : code, sum2);
          code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
          term = SQUARED ? high.sub(code) : high;
          sum2 = term.fma(SQUARED ? term : code, sum2);
          pairs = (IntVector) bytes3.convertShape(ZERO_EXTEND_B2I, INTS, 1);
          code = (FloatVector) pairs.and(15).convert(I2F, 0);
          term = SQUARED ? low.sub(code) : low;
          sum3 = term.fma(SQUARED ? term : code, sum3);
          code = (FloatVector) pairs.lanewise(LSHR, 4).convert(I2F, 0);
          term = SQUARED ? high.sub(code) : high;
          sum3 = term.fma(SQUARED ? term : code, sum3);
        }
      }
    }
    results[at] = sum0.reduceLanes(ADD);
    results[at + 1] = sum1.reduceLanes(ADD);
    results[at + 2] = sum2.reduceLanes(ADD);
    results[at + 3] = sum3.reduceLanes(ADD);
    if (whole < dimension) {
      results[at] = tail(query, codes, offset0, whole, dimension, results[at]);
      results[at + 1] = tail(query, codes, offset1, whole, dimension, results[at + 1]);
      results[at + 2] = tail(query, codes, offset2, whole, dimension, results[at + 2]);
      results[at + 3] = tail(query, codes, offset3, whole, dimension, results[at + 3]);
    }
  }

  private static float tail(
      float[] query, MemorySegment codes, long offset, int from, int dimension, float sum) {
    Metric metric = SQUARED ? Metric.SQUARED_L2 : Metric.INNER_PRODUCT;
    for (int i = from; i < dimension; i++) {
      sum = CodeKernelScalar.step(metric, query[i], ScalarCodes.get4(codes, offset, i), sum);
    }
    return sum;
  }
}
