package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The last 24 bytes of a segment file. All fields are little-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  magic          "FIRN-END"
 *      8      4  header crc32c  the header's own: this footer belongs to that header
 *     12      4  table crc32c   of the padding and the table of block checksums before this footer
 *     16      4  reserved       zero
 *     20      4  crc32c         of bytes 0..19
 * </pre>
 */
record SegmentFooter(int headerCrc, int tableCrc) {

  static final int BYTES = 24;

  private static final long MAGIC = 0x444E_452D_4E52_4946L; // "FIRN-END" as a little-endian long

  private static final int HEADER_CRC_AT = 8;
  private static final int TABLE_CRC_AT = 12;
  private static final int CRC_AT = 20;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC);
    bytes.putInt(HEADER_CRC_AT, headerCrc);
    bytes.putInt(TABLE_CRC_AT, tableCrc);
    bytes.putInt(CRC_AT, Checksums.crc32c(bytes.slice(0, CRC_AT)));
    return bytes;
  }

  /**
   * Verifies the footer of {@code file} at byte {@code at}, behind a header of {@code headerCrc}.
   */
  static SegmentFooter decode(Path file, long at, ByteBuffer bytes, int headerCrc)
      throws IOException {
    bytes.order(LITTLE_ENDIAN);
    expect(file, at, "footer magic", MAGIC, bytes.getLong(0));
    int crc = Checksums.crc32c(bytes.slice(0, CRC_AT));
    expect(file, at + CRC_AT, "footer crc32c", crc, bytes.getInt(CRC_AT));
    expect(
        file,
        at + HEADER_CRC_AT,
        "header crc32c in the footer",
        headerCrc,
        bytes.getInt(HEADER_CRC_AT));
    return new SegmentFooter(headerCrc, bytes.getInt(TABLE_CRC_AT));
  }
}
