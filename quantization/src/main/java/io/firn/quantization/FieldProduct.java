package io.firn.quantization;

import io.firn.simd.Kernels;
import io.firn.simd.Uint4Product;
import io.firn.simd.Uint8Product;
import java.lang.foreign.MemorySegment;

/**
 * Inner product of a float32 query and unsigned codes of 1, 2, 4 or 8 bits in sixteen columns.
 *
 * <p>Dimension {@code 16 j + i} is in byte {@code 16 (j·width / 8) + i}, at bit {@code j·width %
 * 8}: a load of sixteen bytes is sixteen neighbouring dimensions, whatever the width of a register.
 * At width 8 this is the natural order, at width 4 that of {@code simd}'s packed scalar codes.
 */
sealed interface FieldProduct permits FieldProductScalar, FieldProductVector {

  /** Dimensions that lie beside each other. */
  int COLUMNS = 16;

  /** Chosen once; stateless, for any thread. */
  static FieldProduct choose() {
    return Kernels.vectorized() ? new FieldProductVector() : new FieldProductScalar();
  }

  /** Of fields of any width: the kernels of {@code simd} for whole and half bytes, else ours. */
  static float anyWidth(
      FieldProduct narrow, float[] query, MemorySegment codes, long offset, int length, int width) {
    return switch (width) {
      case 8 -> Uint8Product.product(query, codes, offset, length);
      case 4 -> Uint4Product.product(query, codes, offset, length);
      default -> narrow.product(query, codes, offset, length, width);
    };
  }

  /** Bytes of {@code length} codes; {@code length} is a multiple of 16. */
  static int bytes(int length, int width) {
    return COLUMNS * Math.ceilDiv(length / COLUMNS * width, Byte.SIZE);
  }

  /**
   * Returns {@code Σ query[i] · code[i]}.
   *
   * @param length codes, a multiple of 64
   * @param width bits of a code: 1, 2, 4 or 8
   */
  float product(float[] query, MemorySegment codes, long offset, int length, int width);
}
