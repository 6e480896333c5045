package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * How a value lies in LMDB, which has no checksums of its own: the value, then 4 bytes
 * little-endian with the CRC32C of table name (UTF-8), a zero byte, key length (2 bytes,
 * little-endian), key and value. So a value under a wrong key or in a wrong table is damage too.
 *
 * <p>Used by one thread at a time.
 */
final class CheckedValue {

  static final int CRC_BYTES = Integer.BYTES;

  private static final ValueLayout.OfInt CRC = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final CRC32C crc = new CRC32C();

  /** Writes the checksum behind the value that fills {@code stored} up to its last 4 bytes. */
  void seal(byte[] table, byte[] key, MemorySegment stored) {
    long valueBytes = stored.byteSize() - CRC_BYTES;
    stored.set(CRC, valueBytes, checksum(table, key, stored.asSlice(0, valueBytes)));
  }

  /**
   * Returns the value in {@code stored}.
   *
   * @param file LMDB's file, and {@code offset} where in it, for the error; -1 if unknown
   * @throws CorruptFileException if the checksum is wrong, naming table and key
   */
  MemorySegment verified(byte[] table, byte[] key, MemorySegment stored, Path file, long offset)
      throws CorruptFileException {
    long valueBytes = stored.byteSize() - CRC_BYTES;
    if (valueBytes < 0) {
      throw new CorruptFileException(
          file, offset, describe(table, key), "4 bytes or more", stored.byteSize() + " bytes");
    }
    MemorySegment value = stored.asSlice(0, valueBytes);
    int expected = checksum(table, key, value);
    int found = stored.get(CRC, valueBytes);
    if (expected != found) {
      throw new CorruptFileException(
          file,
          offset,
          "crc32c of the " + describe(table, key),
          "0x%x".formatted(expected),
          "0x%x".formatted(found));
    }
    return value;
  }

  private int checksum(byte[] table, byte[] key, MemorySegment value) {
    crc.reset();
    crc.update(table);
    crc.update(0);
    crc.update(key.length);
    crc.update(key.length >>> Byte.SIZE);
    crc.update(key);
    Checksums.update(crc, value);
    return (int) crc.getValue();
  }

  private static String describe(byte[] table, byte[] key) {
    return "value of key 0x%s in table %s"
        .formatted(HexFormat.of().formatHex(key), new String(table, UTF_8));
  }
}
