package io.firn.quantization;

import io.firn.simd.Kernels;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vector form; linked only where the Vector API is there and compiled well. */
final class ResidualVector implements ResidualKernel {

  private static final VectorShape SHAPE = VectorShape.forBitSize(Kernels.laneBits());
  private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  private static final int COUNT = FLOATS.length();

  @Override
  public void sum(float[] residual, int length, float[] lanes) {
    for (int lane = 0; lane < LANES; lane += COUNT) {
      FloatVector magnitude = FloatVector.zero(FLOATS);
      FloatVector squares = magnitude;
      FloatVector largest = magnitude;
      for (int i = lane; i < length; i += LANES) {
        FloatVector r = FloatVector.fromArray(FLOATS, residual, i).abs();
        magnitude = magnitude.add(r);
        squares = r.fma(r, squares);
        largest = largest.max(r);
      }
      magnitude.intoArray(lanes, lane);
      squares.intoArray(lanes, LANES + lane);
      largest.intoArray(lanes, 2 * LANES + lane);
    }
  }

  @Override
  public void measure(float[] residual, int length, float scale, int largest, float[] lanes) {
    for (int lane = 0; lane < LANES; lane += COUNT) {
      FloatVector product = FloatVector.zero(FLOATS);
      FloatVector squares = product;
      for (int i = lane; i < length; i += LANES) {
        FloatVector r = FloatVector.fromArray(FLOATS, residual, i).abs();
        FloatVector level = toFloats(magnitudes(r, scale, largest)).add(0.5f);
        product = r.fma(level, product);
        squares = level.fma(level, squares);
      }
      product.intoArray(lanes, lane);
      squares.intoArray(lanes, LANES + lane);
    }
  }

  @Override
  public void assign(float[] residual, int length, float scale, int largest, int[] codes) {
    for (int i = 0; i < length; i += COUNT) {
      FloatVector r = FloatVector.fromArray(FLOATS, residual, i);
      IntVector magnitude = magnitudes(r.abs(), scale, largest);
      IntVector negative = IntVector.broadcast(INTS, largest).sub(magnitude);
      VectorMask<Integer> above = r.compare(VectorOperators.GT, 0).cast(INTS);
      negative.blend(magnitude.add(largest + 1), above).intoArray(codes, i);
    }
  }

  @Override
  public void plane(int[] codes, int length, int bit, long[] plane, int at) {
    for (int word = 0; word < length / Long.SIZE; word++) {
      long bits = 0;
      for (int i = 0; i < Long.SIZE; i += COUNT) {
        IntVector top = IntVector.fromArray(INTS, codes, word * Long.SIZE + i);
        long few = top.lanewise(VectorOperators.LSHL, 31 - bit).lt(0).toLong();
        bits |= few << i;
      }
      plane[at + word] = bits;
    }
  }

  private static IntVector magnitudes(FloatVector r, float scale, int largest) {
    IntVector whole = (IntVector) r.mul(scale).convert(VectorOperators.F2I, 0);
    return whole.min(largest);
  }

  private static FloatVector toFloats(IntVector ints) {
    return (FloatVector) ints.convert(VectorOperators.I2F, 0);
  }
}
