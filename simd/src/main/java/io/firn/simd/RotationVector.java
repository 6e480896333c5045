package io.firn.simd;

import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotation by vectors. Strides within a register are a permutation and a multiply-add by ±1, which
 * rounds like an addition; longer strides go two at a time, four registers each.
 */
final class RotationVector implements RotationKernel {

  private static final VectorShuffle<Float> SWAP_1 = swap(1);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final float[] SIGN_1 = signs(1);
  private static final float[] SIGN_2 = signs(2);
  private static final float[] SIGN_4 = signs(4);
  private static final float[] SIGN_8 = signs(8);

  RotationVector() {}

  @Override
  public void multiply(float[] x, int at, float[] factors) {
    for (int i = 0; i < factors.length; i += COUNT) {
      FloatVector.fromArray(FLOATS, x, at + i)
          .mul(FloatVector.fromArray(FLOATS, factors, i))
          .intoArray(x, at + i);
    }
  }

  @Override
  public void transform(float[] x, int at, int length) {
    withinRegisters(x, at, length);
    int stride = COUNT;
    for (; 4 * stride <= length; stride *= 4) {
      for (int i = at; i < at + length; i += 4 * stride) {
        crossTwice(x, i, stride);
      }
    }
    if (stride < length) {
      cross(x, at, stride);
    }
  }

  @Override
  public void crossHalves(float[] x, int at, int length) {
    cross(x, at, length / 2);
  }

  private static void withinRegisters(float[] x, int at, int length) {
    FloatVector sign1 = FloatVector.fromArray(FLOATS, SIGN_1, 0);
    FloatVector sign2 = FloatVector.fromArray(FLOATS, SIGN_2, 0);
    FloatVector sign4 = FloatVector.fromArray(FLOATS, SIGN_4, 0);
    FloatVector sign8 = FloatVector.fromArray(FLOATS, SIGN_8, 0);
    for (int i = at; i < at + length; i += COUNT) {
      FloatVector v = FloatVector.fromArray(FLOATS, x, i);
      v = v.fma(sign1, v.rearrange(SWAP_1));
      v = v.fma(sign2, v.rearrange(SWAP_2));
      if (COUNT > 4) {
        v = v.fma(sign4, v.rearrange(SWAP_4));
      }
      if (COUNT > 8) {
        v = v.fma(sign8, v.rearrange(SWAP_8));
      }
      v.intoArray(x, i);
    }
  }

  private static void cross(float[] x, int from, int stride) {
    for (int i = from; i < from + stride; i += COUNT) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, i + stride);
      a.add(b).intoArray(x, i);
      a.sub(b).intoArray(x, i + stride);
    }
  }

  /** Strides {@code stride} and {@code 2 * stride} of {@code 4 * stride} floats. */
  private static void crossTwice(float[] x, int from, int stride) {
    for (int i = from; i < from + stride; i += COUNT) {
      FloatVector a = FloatVector.fromArray(FLOATS, x, i);
      FloatVector b = FloatVector.fromArray(FLOATS, x, i + stride);
      FloatVector c = FloatVector.fromArray(FLOATS, x, i + 2 * stride);
      FloatVector d = FloatVector.fromArray(FLOATS, x, i + 3 * stride);
      FloatVector sum = a.add(b);
      FloatVector difference = a.sub(b);
      FloatVector otherSum = c.add(d);
      FloatVector otherDifference = c.sub(d);
      sum.add(otherSum).intoArray(x, i);
      difference.add(otherDifference).intoArray(x, i + stride);
      sum.sub(otherSum).intoArray(x, i + 2 * stride);
      difference.sub(otherDifference).intoArray(x, i + 3 * stride);
    }
  }

  private static VectorShuffle<Float> swap(int stride) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ stride) % COUNT);
  }

  private static float[] signs(int stride) {
    float[] signs = new float[COUNT];
    for (int lane = 0; lane < COUNT; lane++) {
      signs[lane] = (lane & stride) == 0 ? 1 : -1;
    }
    return signs;
  }
}
