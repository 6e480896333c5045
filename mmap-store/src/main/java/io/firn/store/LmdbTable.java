package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.lmdbjava.Dbi;

/**
 * An open table and the start of the checksum of its values: every value is followed by the CRC32C
 * of table name, zero byte, key length (2 bytes, little-endian), key, value. So a value under a
 * wrong key or in a wrong table is damage too.
 */
final class LmdbTable {

  final String name;
  final Dbi<MemorySegment> dbi;
  private final byte[] nameBytes;

  LmdbTable(String name, Dbi<MemorySegment> dbi) {
    this.name = name;
    this.dbi = dbi;
    this.nameBytes = (name + "\0").getBytes(UTF_8);
  }

  int checksum(CRC32C crc, byte[] key, MemorySegment value) {
    crc.reset();
    crc.update(nameBytes);
    crc.update(key.length);
    crc.update(key.length >>> Byte.SIZE);
    crc.update(key);
    Checksums.update(crc, value);
    return (int) crc.getValue();
  }
}
