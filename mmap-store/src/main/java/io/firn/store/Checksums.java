package io.firn.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * CRC32C (Castagnoli, RFC 3720), the checksum of every file and value. Stateless; any thread.
 *
 * <p>Not over mapped files whose length is unproven: the intrinsic behind it kills the JVM where a
 * scalar load would throw. Read into memory and sum that.
 */
public final class Checksums {

  private static final int CHUNK_BYTES = 1 << 30;
  private static final int COPY_BYTES = 1 << 13;

  private Checksums() {}

  public static int crc32c(byte[] bytes) {
    return crc32c(bytes, 0, bytes.length);
  }

  /** Of {@code bytes[offset .. offset + length)}. */
  public static int crc32c(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  /** Of the remaining bytes of {@code buffer}, whose position does not change. */
  public static int crc32c(ByteBuffer buffer) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.duplicate());
    return (int) crc.getValue();
  }

  /** Of a native segment or a view of any primitive array. */
  public static int crc32c(MemorySegment segment) {
    CRC32C crc = new CRC32C();
    update(crc, segment);
    return (int) crc.getValue();
  }

  static void update(CRC32C crc, MemorySegment segment) {
    if (segment.isNative() || segment.heapBase().orElse(null) instanceof byte[]) {
      for (long at = 0; at < segment.byteSize(); at += CHUNK_BYTES) {
        long chunkBytes = Math.min(CHUNK_BYTES, segment.byteSize() - at);
        crc.update(segment.asSlice(at, chunkBytes).asByteBuffer());
      }
    } else {
      updateByCopy(crc, segment); // no byte buffer can view a float[], nor a read-only heap segment
    }
  }

  private static void updateByCopy(CRC32C crc, MemorySegment segment) {
    byte[] chunk = new byte[COPY_BYTES];
    for (long at = 0; at < segment.byteSize(); at += COPY_BYTES) {
      int chunkBytes = (int) Math.min(COPY_BYTES, segment.byteSize() - at);
      MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, at, chunk, 0, chunkBytes);
      crc.update(chunk, 0, chunkBytes);
    }
  }
}
