package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_B2I;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Float32 query and 8-bit codes in native memory: codes widen to int, then to float. Written out
 * for the reason given at {@link FloatKernelVector}.
 */
final class CodeKernelVector implements CodeKernel {

  private static final boolean SQUARED =
      KernelTemplate.constant(MethodHandles.lookup(), Shape.class).metric() == Metric.SQUARED_L2;

  /** As many bytes as float lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  /** Codes that one load brings: with four lanes, two registers of ints. */
  private static final int STEP = BYTES.length();

  CodeKernelVector() {}

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    int whole = dimension & -STEP;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (int end = dimension & -(4 * STEP); i < end; i += 4 * STEP) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset + i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector q = FloatVector.fromArray(FLOATS, query, i);
      FloatVector code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      FloatVector term = SQUARED ? q.sub(code) : q;
      sum0 = term.fma(SQUARED ? term : code, sum0);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum0 = term.fma(SQUARED ? term : code, sum0);
      }
      bytes =
          ByteVector.fromMemorySegment(
              BYTES, MEMORY, ((offset + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
      q = FloatVector.fromArray(FLOATS, query, i + STEP);
      code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum1 = term.fma(SQUARED ? term : code, sum1);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + STEP + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum1 = term.fma(SQUARED ? term : code, sum1);
      }
      bytes =
          ByteVector.fromMemorySegment(
              BYTES, MEMORY, ((offset + i) & ADDRESS) + 2L * STEP, LITTLE_ENDIAN);
      q = FloatVector.fromArray(FLOATS, query, i + 2 * STEP);
      code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum2 = term.fma(SQUARED ? term : code, sum2);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + 2 * STEP + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum2 = term.fma(SQUARED ? term : code, sum2);
      }
      bytes =
          ByteVector.fromMemorySegment(
              BYTES, MEMORY, ((offset + i) & ADDRESS) + 3L * STEP, LITTLE_ENDIAN);
      q = FloatVector.fromArray(FLOATS, query, i + 3 * STEP);
      code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum3 = term.fma(SQUARED ? term : code, sum3);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + 3 * STEP + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum3 = term.fma(SQUARED ? term : code, sum3);
      }
    }
    if ((dimension & (2 * STEP)) != 0) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset + i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector q = FloatVector.fromArray(FLOATS, query, i);
      FloatVector code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      FloatVector term = SQUARED ? q.sub(code) : q;
      sum0 = term.fma(SQUARED ? term : code, sum0);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum0 = term.fma(SQUARED ? term : code, sum0);
      }
      bytes =
          ByteVector.fromMemorySegment(
              BYTES, MEMORY, ((offset + i) & ADDRESS) + STEP, LITTLE_ENDIAN);
      q = FloatVector.fromArray(FLOATS, query, i + STEP);
      code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum1 = term.fma(SQUARED ? term : code, sum1);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + STEP + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum1 = term.fma(SQUARED ? term : code, sum1);
      }
      i += 2 * STEP;
    }
    if ((dimension & STEP) != 0) {
      ByteVector bytes =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset + i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector q = FloatVector.fromArray(FLOATS, query, i);
      FloatVector code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      FloatVector term = SQUARED ? q.sub(code) : q;
      sum2 = term.fma(SQUARED ? term : code, sum2);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + COUNT);
        code = (FloatVector) bytes.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum2 = term.fma(SQUARED ? term : code, sum2);
      }
    }
    float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
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
    int whole = dimension & -STEP;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int i = 0; i < whole; i += STEP) {
      ByteVector bytes0 =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset0 + i) & ADDRESS, LITTLE_ENDIAN);
      ByteVector bytes1 =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset1 + i) & ADDRESS, LITTLE_ENDIAN);
      ByteVector bytes2 =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset2 + i) & ADDRESS, LITTLE_ENDIAN);
      ByteVector bytes3 =
          ByteVector.fromMemorySegment(BYTES, MEMORY, (offset3 + i) & ADDRESS, LITTLE_ENDIAN);
      FloatVector q = FloatVector.fromArray(FLOATS, query, i);
      FloatVector code =
          (FloatVector) bytes0.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      FloatVector term = SQUARED ? q.sub(code) : q;
      sum0 = term.fma(SQUARED ? term : code, sum0);
      code = (FloatVector) bytes1.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum1 = term.fma(SQUARED ? term : code, sum1);
      code = (FloatVector) bytes2.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum2 = term.fma(SQUARED ? term : code, sum2);
      code = (FloatVector) bytes3.convertShape(ZERO_EXTEND_B2I, INTS, 0).convert(I2F, 0);
      term = SQUARED ? q.sub(code) : q;
      sum3 = term.fma(SQUARED ? term : code, sum3);
      if (STEP > COUNT) {
        q = FloatVector.fromArray(FLOATS, query, i + COUNT);
        code = (FloatVector) bytes0.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum0 = term.fma(SQUARED ? term : code, sum0);
        code = (FloatVector) bytes1.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum1 = term.fma(SQUARED ? term : code, sum1);
        code = (FloatVector) bytes2.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum2 = term.fma(SQUARED ? term : code, sum2);
        code = (FloatVector) bytes3.convertShape(ZERO_EXTEND_B2I, INTS, 1).convert(I2F, 0);
        term = SQUARED ? q.sub(code) : q;
        sum3 = term.fma(SQUARED ? term : code, sum3);
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
      sum = CodeKernelScalar.step(metric, query[i], ScalarCodes.get8(codes, offset, i), sum);
    }
    return sum;
  }
}
