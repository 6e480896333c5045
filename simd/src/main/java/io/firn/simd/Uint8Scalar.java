package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Scalar twin of {@link Uint8Vector}. */
final class Uint8Scalar implements Uint8Kernel {

  @Override
  public float one(float[] query, MemorySegment codes, long offset, int dimension) {
    float s0 = 0;
    float s1 = 0;
    int i = 0;
    for (; i < dimension - 1; i += 2) {
      s0 += query[i] * code(codes, offset + i);
      s1 += query[i + 1] * code(codes, offset + i + 1);
    }
    return i < dimension ? s0 + s1 + query[i] * code(codes, offset + i) : s0 + s1;
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
    products[at] = one(query, codes, offset0, dimension);
    products[at + 1] = one(query, codes, offset1, dimension);
    products[at + 2] = one(query, codes, offset2, dimension);
    products[at + 3] = one(query, codes, offset3, dimension);
  }

  private static int code(MemorySegment codes, long at) {
    return Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, at));
  }
}
