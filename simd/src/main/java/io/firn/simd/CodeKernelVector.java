package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.INTS;
import static io.firn.simd.Lanes.MEMORY;
import static io.firn.simd.Lanes.floats;
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
 * Float32 query and codes in native memory: codes widen to int, then to float. A loop body covers a
 * block of 32 dimensions by as many parts as the register width asks for; C2 unrolls them.
 */
final class CodeKernelVector implements CodeKernel {

  private static final Shape SHAPE = KernelTemplate.constant(MethodHandles.lookup(), Shape.class);

  /** As many bytes as float lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  /** Codes that one load brings: with four lanes, two registers of ints. */
  private static final int STEP = BYTES.length();

  private static final boolean PACKED = SHAPE.bits() == 4;

  private static final int BLOCK = PACKED ? 32 : STEP;

  CodeKernelVector() {}

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    long y = codes.address() + offset;
    int whole = dimension & -BLOCK;
    float sum = PACKED ? packed(query, y, whole) : bytes(query, y, whole);
    return whole == dimension ? sum : tail(query, codes, offset, whole, dimension, sum);
  }

  private static float bytes(float[] query, long y, int dimension) {
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * STEP); i < end; i += 2 * STEP) {
      sum0 = bytes(query, i, y + i, sum0);
      sum1 = bytes(query, i + STEP, y + i + STEP, sum1);
    }
    for (; i < dimension; i += STEP) {
      sum0 = bytes(query, i, y + i, sum0);
    }
    return sum0.add(sum1).reduceLanes(ADD);
  }

  private static float packed(float[] query, long y, int dimension) {
    FloatVector low = FloatVector.zero(FLOATS);
    FloatVector high = low;
    for (int i = 0; i < dimension; i += 32) {
      for (int j = 0; j < 16; j += STEP) {
        ByteVector pairs = load(y + i / 2 + j);
        low = low(query, i + j, pairs, low);
        high = high(query, i + j + 16, pairs, high);
      }
    }
    return low.add(high).reduceLanes(ADD);
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
    if (PACKED || dimension % STEP != 0) {
      results[at] = one(query, codes, offset0, dimension);
      results[at + 1] = one(query, codes, offset1, dimension);
      results[at + 2] = one(query, codes, offset2, dimension);
      results[at + 3] = one(query, codes, offset3, dimension);
      return;
    }
    long y0 = codes.address() + offset0;
    long y1 = codes.address() + offset1;
    long y2 = codes.address() + offset2;
    long y3 = codes.address() + offset3;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    for (int i = 0; i < dimension; i += STEP) {
      sum0 = bytes(query, i, y0 + i, sum0);
      sum1 = bytes(query, i, y1 + i, sum1);
      sum2 = bytes(query, i, y2 + i, sum2);
      sum3 = bytes(query, i, y3 + i, sum3);
    }
    results[at] = sum0.reduceLanes(ADD);
    results[at + 1] = sum1.reduceLanes(ADD);
    results[at + 2] = sum2.reduceLanes(ADD);
    results[at + 3] = sum3.reduceLanes(ADD);
  }

  private static ByteVector load(long address) {
    return ByteVector.fromMemorySegment(BYTES, MEMORY, address & ADDRESS, LITTLE_ENDIAN);
  }

  private static FloatVector bytes(float[] query, int i, long address, FloatVector sum) {
    ByteVector codes = load(address);
    sum = step(floats(query, i), widen(codes, 0), sum);
    return STEP == COUNT ? sum : step(floats(query, i + COUNT), widen(codes, 1), sum);
  }

  private static FloatVector low(float[] query, int i, ByteVector pairs, FloatVector sum) {
    sum = step(floats(query, i), widen(pairs, 0).and(15), sum);
    return STEP == COUNT ? sum : step(floats(query, i + COUNT), widen(pairs, 1).and(15), sum);
  }

  private static FloatVector high(float[] query, int i, ByteVector pairs, FloatVector sum) {
    sum = step(floats(query, i), widen(pairs, 0).lanewise(LSHR, 4), sum);
    return STEP == COUNT
        ? sum
        : step(floats(query, i + COUNT), widen(pairs, 1).lanewise(LSHR, 4), sum);
  }

  private static IntVector widen(ByteVector codes, int part) {
    return (IntVector) codes.convertShape(ZERO_EXTEND_B2I, INTS, part);
  }

  /** Adds one vector of terms; {@link #SHAPE} is constant, so no branch is left. */
  private static FloatVector step(FloatVector q, IntVector codes, FloatVector sum) {
    FloatVector code = (FloatVector) codes.convert(I2F, 0);
    if (SHAPE.metric() == Metric.INNER_PRODUCT) {
      return q.fma(code, sum);
    }
    FloatVector difference = q.sub(code);
    return difference.fma(difference, sum);
  }

  private static float tail(
      float[] query, MemorySegment codes, long offset, int from, int dimension, float sum) {
    for (int i = from; i < dimension; i++) {
      int code = PACKED ? ScalarCodes.get4(codes, offset, i) : ScalarCodes.get8(codes, offset, i);
      sum = CodeKernelScalar.step(SHAPE.metric(), query[i], code, sum);
    }
    return sum;
  }
}
