package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Puts fields of codes into the columns of {@link FieldProduct} and takes them out. */
final class FieldCodes {

  private static final int COLUMNS = FieldProduct.COLUMNS;

  private FieldCodes() {}

  /** Writes bits {@code shift .. shift + width} of each code. */
  static void put(
      MemorySegment codes, long offset, int[] values, int length, int shift, int width) {
    int mask = (1 << width) - 1;
    int perByte = Byte.SIZE / width;
    int rows = length / COLUMNS;
    long at = offset;
    for (int row = 0; row < rows; row += perByte) {
      int fields = Math.min(perByte, rows - row);
      for (int column = 0; column < COLUMNS; column++) {
        int packed = 0;
        for (int field = 0; field < fields; field++) {
          int value = values[(row + field) * COLUMNS + column];
          packed |= ((value >>> shift) & mask) << (field * width);
        }
        codes.set(ValueLayout.JAVA_BYTE, at++, (byte) packed);
      }
    }
  }

  /** Adds each field, times {@code 2^shift}, to the float of its dimension. */
  static void addTo(
      MemorySegment codes, long offset, float[] levels, int length, int shift, int width) {
    int mask = (1 << width) - 1;
    for (int d = 0; d < length; d++) {
      int bit = d / COLUMNS * width;
      int place = COLUMNS * (bit / Byte.SIZE) + d % COLUMNS;
      int packed = codes.get(ValueLayout.JAVA_BYTE, offset + place);
      levels[d] += ((packed >>> (bit % Byte.SIZE)) & mask) << shift;
    }
  }
}
