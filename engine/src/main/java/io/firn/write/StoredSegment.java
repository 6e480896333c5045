package io.firn.write;

import java.nio.ByteBuffer;

/**
 * A sealed segment's entry in the manifest, big-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  rowCount       rows in its files, dead ones included
 *      4      8  fingerprint    of the vector file: tells it from an older or foreign one
 * </pre>
 */
public record StoredSegment(int rowCount, long fingerprint) {

  byte[] encode() {
    return ByteBuffer.allocate(12).putInt(rowCount).putLong(fingerprint).array();
  }

  /** Reads an entry whose checksum held. */
  public static StoredSegment decode(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new StoredSegment(in.getInt(), in.getLong());
  }
}
