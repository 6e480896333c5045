package io.firn.simd;

import static io.firn.simd.Lanes.ADDRESS;
import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static io.firn.simd.Lanes.MEMORY;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Float32 query times unsigned 8-bit codes in native memory: codes widen to int, then to float. */
final class Uint8Vector implements Uint8Kernel {

  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** As many bytes as float lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> CODES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, COUNT * Byte.SIZE)));

  /** Floats of a step: with four lanes, eight codes fill two registers. */
  private static final int STEP = CODES.length();

  Uint8Vector() {}

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    long y = codes.address() + offset;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    int i = 0;
    for (int end = dimension & -(2 * STEP); i < end; i += 2 * STEP) {
      sum0 = step(query, i, y + i, sum0);
      sum1 = step(query, i + STEP, y + i + STEP, sum1);
    }
    for (int end = dimension & -STEP; i < end; i += STEP) {
      sum0 = step(query, i, y + i, sum0);
    }
    return sum0.add(sum1).reduceLanes(VectorOperators.ADD) + tail(query, i, y, dimension);
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
      float[] products,
      int at) {
    long y0 = codes.address() + offset0;
    long y1 = codes.address() + offset1;
    long y2 = codes.address() + offset2;
    long y3 = codes.address() + offset3;
    FloatVector sum0 = FloatVector.zero(FLOATS);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int i = 0;
    for (int end = dimension & -STEP; i < end; i += STEP) {
      sum0 = step(query, i, y0 + i, sum0);
      sum1 = step(query, i, y1 + i, sum1);
      sum2 = step(query, i, y2 + i, sum2);
      sum3 = step(query, i, y3 + i, sum3);
    }
    products[at] = sum0.reduceLanes(VectorOperators.ADD) + tail(query, i, y0, dimension);
    products[at + 1] = sum1.reduceLanes(VectorOperators.ADD) + tail(query, i, y1, dimension);
    products[at + 2] = sum2.reduceLanes(VectorOperators.ADD) + tail(query, i, y2, dimension);
    products[at + 3] = sum3.reduceLanes(VectorOperators.ADD) + tail(query, i, y3, dimension);
  }

  private static FloatVector step(float[] query, int i, long address, FloatVector sum) {
    ByteVector codes =
        ByteVector.fromMemorySegment(CODES, MEMORY, address & ADDRESS, LITTLE_ENDIAN);
    sum = Lanes.floats(query, i).fma(part(codes, 0), sum);
    return STEP == COUNT ? sum : Lanes.floats(query, i + COUNT).fma(part(codes, 1), sum);
  }

  private static FloatVector part(ByteVector codes, int part) {
    IntVector wide = (IntVector) codes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
    return (FloatVector) wide.convert(VectorOperators.I2F, 0);
  }

  private static float tail(float[] query, int from, long y, int dimension) {
    float sum = 0;
    for (int i = from; i < dimension; i++) {
      int code = Byte.toUnsignedInt(MEMORY.get(ValueLayout.JAVA_BYTE, (y + i) & ADDRESS));
      sum += query[i] * code;
    }
    return sum;
  }
}
