package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/** Scalar twin of {@link CodeKernelVector}. */
final class CodeKernelScalar implements CodeKernel {

  private static final Shape SHAPE = KernelTemplate.constant(MethodHandles.lookup(), Shape.class);

  CodeKernelScalar() {}

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    float s0 = 0;
    float s1 = 0;
    int i = 0;
    for (; i < dimension - 1; i += 2) {
      s0 = step(query[i], code(codes, offset, i), s0);
      s1 = step(query[i + 1], code(codes, offset, i + 1), s1);
    }
    if (i < dimension) {
      s0 = step(query[i], code(codes, offset, i), s0);
    }
    return s0 + s1;
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
    results[at] = one(query, codes, offset0, dimension);
    results[at + 1] = one(query, codes, offset1, dimension);
    results[at + 2] = one(query, codes, offset2, dimension);
    results[at + 3] = one(query, codes, offset3, dimension);
  }

  static float step(Metric metric, float q, int code, float sum) {
    float difference = q - code;
    return metric == Metric.INNER_PRODUCT ? sum + q * code : sum + difference * difference;
  }

  private static float step(float q, int code, float sum) {
    return step(SHAPE.metric(), q, code, sum);
  }

  private static int code(MemorySegment codes, long offset, int i) {
    return SHAPE.bits() == 8
        ? Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, offset + i))
        : ScalarCodes.get4(codes, offset, i);
  }
}
