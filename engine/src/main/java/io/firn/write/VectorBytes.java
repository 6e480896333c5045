package io.firn.write;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A vector as the fresh rows table stores it: little-endian float32, one after the other. */
public final class VectorBytes {

  private VectorBytes() {}

  /** A copy of the vector as bytes. */
  public static byte[] encode(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return bytes.array();
  }
}
