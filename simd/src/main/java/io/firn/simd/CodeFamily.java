package io.firn.simd;

import static io.firn.simd.Rows.MEMORY;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One metric of a float32 query and scalar codes: checks operands, then runs the vector kernel, or
 * its scalar twin when kernels are scalar or memory is on the heap. A record for the reason given
 * at {@link FloatFamily}.
 */
record CodeFamily(CodeKernel.Shape shape, KernelSlot<CodeKernel> slot, CodeKernel twin) {

  static CodeFamily of(Metric metric, int bits) {
    var shape = new CodeKernel.Shape(metric, bits);
    CodeKernel twin = scalar(shape);
    CodeKernel kernel = Kernels.VECTORIZED ? vector(shape) : twin;
    return new CodeFamily(shape, KernelSlot.of(CodeKernel.class, kernel), twin);
  }

  static CodeKernel vector(CodeKernel.Shape shape) {
    return KernelTemplate.instantiate(
        shape.bits() == 8 ? CodeKernelVector.class : PackedKernelVector.class,
        CodeKernel.class,
        shape);
  }

  static CodeKernel scalar(CodeKernel.Shape shape) {
    return KernelTemplate.instantiate(CodeKernelScalar.class, CodeKernel.class, shape);
  }

  float one(float[] query, MemorySegment codes, long offset, int dimension) {
    Rows.check(query, dimension);
    Rows.check(codes, offset, bytes(dimension));
    float result =
        Kernels.VECTORIZED && codes.isNative()
            ? slot.get().one(query, MEMORY, codes.address() + offset, dimension)
            : twin.one(query, codes, offset, dimension);
    Rows.keepAlive(codes);
    return result;
  }

  void four(
      float[] query,
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int dimension,
      float[] results,
      int at) {
    Rows.check(query, dimension);
    Rows.check(codes, offset0, offset1, offset2, offset3, bytes(dimension));
    Objects.checkFromIndexSize(at, 4, results.length);
    if (Kernels.VECTORIZED && codes.isNative()) {
      long base = codes.address();
      slot.get()
          .four(
              query,
              MEMORY,
              base + offset0,
              base + offset1,
              base + offset2,
              base + offset3,
              dimension,
              results,
              at);
    } else {
      twin.four(query, codes, offset0, offset1, offset2, offset3, dimension, results, at);
    }
    Rows.keepAlive(codes);
  }

  private long bytes(int dimension) {
    return shape.bits() == 8 ? dimension : ScalarCodes.packedBytes(dimension);
  }
}
