package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Scalar codes of float32 vectors: {@code round((v - lower) * perStep)}, limited to 0..255 or
 * 0..15. Stateless and safe for any thread.
 *
 * <p>8-bit codes are one byte for a dimension. 4-bit codes are packed in blocks of 32 dimensions,
 * 16 bytes each: byte {@code j} of a block holds its dimension {@code j} in bits 0..3 and dimension
 * {@code j + 16} in bits 4..7, so that a register of bytes widens to two runs of dimensions. The
 * last block is whole. Both belong to the file format.
 */
public final class ScalarCodes {

  private ScalarCodes() {}

  /** Returns the bytes of a row of 4-bit codes: 16 for every 32 dimensions begun. */
  public static long packedBytes(int dimension) {
    return (dimension + 31L) / 32 * 16;
  }

  /**
   * Writes the 8-bit codes of a vector, one byte for a dimension.
   *
   * @param v at least {@code dimension} finite floats
   * @param lower the value of code 0
   * @param perStep codes per unit: 1 over the width of a step
   * @throws IndexOutOfBoundsException if the codes leave the segment
   */
  public static void encode8(
      float[] v, int dimension, float lower, float perStep, MemorySegment codes, long offset) {
    Rows.check(v, dimension);
    Objects.checkFromIndexSize(offset, dimension, codes.byteSize());
    for (int i = 0; i < dimension; i++) {
      codes.set(ValueLayout.JAVA_BYTE, offset + i, (byte) code(v[i], lower, perStep, 255));
    }
  }

  /**
   * Writes the packed 4-bit codes of a vector; the places of dimensions past the last are zero.
   *
   * @param v at least {@code dimension} finite floats
   * @param lower the value of code 0
   * @param perStep codes per unit: 1 over the width of a step
   * @throws IndexOutOfBoundsException if the codes leave the segment
   */
  public static void encode4(
      float[] v, int dimension, float lower, float perStep, MemorySegment codes, long offset) {
    Rows.check(v, dimension);
    Objects.checkFromIndexSize(offset, packedBytes(dimension), codes.byteSize());
    for (int block = 0; block < dimension; block += 32) {
      for (int j = 0; j < 16; j++) {
        int low = code4(v, block + j, dimension, lower, perStep);
        int high = code4(v, block + j + 16, dimension, lower, perStep);
        codes.set(ValueLayout.JAVA_BYTE, offset + block / 2 + j, (byte) (low | (high << 4)));
      }
    }
  }

  /** Returns the 8-bit code of dimension {@code i} of the row at {@code offset}. */
  public static int get8(MemorySegment codes, long offset, int i) {
    return Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, offset + i));
  }

  /** Returns the 4-bit code of dimension {@code i} of the row at {@code offset}. */
  public static int get4(MemorySegment codes, long offset, int i) {
    long at = offset + 16L * (i / 32) + i % 16;
    return (codes.get(ValueLayout.JAVA_BYTE, at) >> (i % 32 / 16 * 4)) & 15;
  }

  private static int code4(float[] v, int i, int dimension, float lower, float perStep) {
    return i < dimension ? code(v[i], lower, perStep, 15) : 0;
  }

  private static int code(float value, float lower, float perStep, int largest) {
    return Math.clamp((int) ((value - lower) * perStep + 0.5f), 0, largest);
  }
}
