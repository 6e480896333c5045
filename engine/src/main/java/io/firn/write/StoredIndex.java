package io.firn.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An index's entry in the indexes table, big-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  olderRows   rows from before the declaration are numbered below it
 *      4      4  builtRows   of them, those below it are entered
 *      8      n  field       UTF-8
 * </pre>
 */
public record StoredIndex(int olderRows, int builtRows, String field) {

  byte[] encode() {
    byte[] name = field.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + name.length)
        .putInt(olderRows)
        .putInt(builtRows)
        .put(name)
        .array();
  }

  /** Reads an entry whose checksum held. */
  public static StoredIndex decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new StoredIndex(
        in.getInt(), in.getInt(), new String(bytes, 8, bytes.length - 8, StandardCharsets.UTF_8));
  }
}
