package io.firn.simd;

/** Passes over one vector. Operands were checked by the caller. Stateless. */
interface VectorKernel {

  float sum(float[] v, int dimension);

  void scale(float[] v, int dimension, float factor);

  void subtract(float[] v, float[] other, int dimension);
}
