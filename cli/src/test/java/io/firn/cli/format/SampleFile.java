package io.firn.cli.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files written byte by byte from the formats' definitions, independently of the readers. */
final class SampleFile {

  private final ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

  static SampleFile empty() {
    return new SampleFile();
  }

  static SampleFile npy(int major, String text) {
    SampleFile file = new SampleFile().u8(0x93, 'N', 'U', 'M', 'P', 'Y', major, 0);
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    if (major == 1) {
      file.bytes.putShort((short) ascii.length);
    } else {
      file.bytes.putInt(ascii.length);
    }
    file.bytes.put(ascii);
    return file;
  }

  static SampleFile npy(int major, String descr, String shape) {
    return npy(
        major,
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }     \n".formatted(descr, shape));
  }

  SampleFile u8(int... values) {
    for (int value : values) {
      bytes.put((byte) value);
    }
    return this;
  }

  SampleFile i32(int... values) {
    for (int value : values) {
      bytes.putInt(value);
    }
    return this;
  }

  SampleFile f32(float... values) {
    for (float value : values) {
      bytes.putFloat(value);
    }
    return this;
  }

  SampleFile f64(double... values) {
    for (double value : values) {
      bytes.putDouble(value);
    }
    return this;
  }

  byte[] bytes() {
    byte[] written = new byte[bytes.position()];
    bytes.get(0, written);
    return written;
  }
}
