package io.firn.simd;

import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.ADD;

import jdk.incubator.vector.FloatVector;

/** Passes over one vector by registers; what is left over goes to the scalar twin. */
final class VectorKernelVector implements VectorKernel {

  VectorKernelVector() {}

  @Override
  public float sum(float[] v, int dimension) {
    FloatVector sum = FloatVector.zero(FLOATS);
    int whole = dimension & -COUNT;
    for (int i = 0; i < whole; i += COUNT) {
      sum = sum.add(FloatVector.fromArray(FLOATS, v, i));
    }
    return VectorKernelScalar.sum(v, whole, dimension, sum.reduceLanes(ADD));
  }

  @Override
  public void scale(float[] v, int dimension, float factor) {
    int whole = dimension & -COUNT;
    for (int i = 0; i < whole; i += COUNT) {
      FloatVector.fromArray(FLOATS, v, i).mul(factor).intoArray(v, i);
    }
    VectorKernelScalar.scale(v, whole, dimension, factor);
  }

  @Override
  public void subtract(float[] v, float[] other, int dimension) {
    int whole = dimension & -COUNT;
    for (int i = 0; i < whole; i += COUNT) {
      FloatVector.fromArray(FLOATS, v, i)
          .sub(FloatVector.fromArray(FLOATS, other, i))
          .intoArray(v, i);
    }
    VectorKernelScalar.subtract(v, other, whole, dimension);
  }
}
