package io.firn.cli.format;

import java.nio.ByteBuffer;

/** How one number is stored; always little-endian. */
enum ElementType {
  FLOAT32(Float.BYTES),
  FLOAT64(Double.BYTES),
  UINT8(Byte.BYTES),
  INT8(Byte.BYTES),
  INT32(Integer.BYTES);

  final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Converts {@code count} numbers at {@code at}; a double is rounded, an int too. */
  void decode(ByteBuffer from, int at, float[] into, int count) {
    switch (this) {
      case FLOAT32 ->
          from.slice(at, count * bytes).order(from.order()).asFloatBuffer().get(into, 0, count);
      case FLOAT64 -> {
        for (int i = 0; i < count; i++) {
          into[i] = (float) from.getDouble(at + i * Double.BYTES);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < count; i++) {
          into[i] = Byte.toUnsignedInt(from.get(at + i));
        }
      }
      case INT8 -> {
        for (int i = 0; i < count; i++) {
          into[i] = from.get(at + i);
        }
      }
      case INT32 -> {
        for (int i = 0; i < count; i++) {
          into[i] = from.getInt(at + i * Integer.BYTES);
        }
      }
    }
  }
}
