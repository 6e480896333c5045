package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/**
 * The first 4 KiB of a segment file. All fields are little-endian, the two halves of the UUID too.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  magic         "FIRN-SEG"
 *      8      4  version       1
 *     12      4  block bytes   65536: the payload is summed in blocks of this size, the last shorter
 *     16     16  database id   UUID: high half, low half
 *     32      8  kind          ASCII, padded by zero bytes
 *     40      8  segment id
 *     48      8  payload bytes
 *     56     64  attributes    8 longs, whose meaning is the kind's
 *    120   3972  reserved      zero
 *   4092      4  crc32c        of bytes 0..4091
 * </pre>
 */
record SegmentHeader(
    UUID databaseId, String kind, long segmentId, long payloadBytes, List<Long> attributes) {

  static final int BYTES = 4096;
  static final int BLOCK_BYTES = 1 << 16;
  static final int ATTRIBUTES = 8;
  static final int VERSION = 1;

  private static final long MAGIC = 0x4745_532D_4E52_4946L; // "FIRN-SEG" as a little-endian long

  private static final int MAGIC_AT = 0;
  private static final int VERSION_AT = 8;
  private static final int BLOCK_BYTES_AT = 12;
  private static final int DATABASE_ID_AT = 16;
  private static final int KIND_AT = 32;
  private static final int KIND_BYTES = 8;
  private static final int SEGMENT_ID_AT = 40;
  static final int PAYLOAD_BYTES_AT = 48;
  private static final int ATTRIBUTES_AT = 56;
  static final int CRC_AT = 4092;

  long blocks() {
    return blocks(payloadBytes);
  }

  private static long blocks(long payloadBytes) {
    return Math.ceilDiv(payloadBytes, BLOCK_BYTES);
  }

  /** First byte behind the payload and its padding: the table of block checksums. */
  long tableAt() {
    return tableAt(payloadBytes);
  }

  private static long tableAt(long payloadBytes) {
    return Math.ceilDiv(BYTES + payloadBytes, Long.BYTES) * Long.BYTES;
  }

  long footerAt() {
    return tableAt() + blocks() * Integer.BYTES;
  }

  long fileBytes() {
    return fileBytes(payloadBytes);
  }

  static long fileBytes(long payloadBytes) {
    return tableAt(payloadBytes) + blocks(payloadBytes) * Integer.BYTES + SegmentFooter.BYTES;
  }

  int crc() {
    return encode().getInt(CRC_AT);
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(LITTLE_ENDIAN);
    bytes.putLong(MAGIC_AT, MAGIC);
    bytes.putInt(VERSION_AT, VERSION);
    bytes.putInt(BLOCK_BYTES_AT, BLOCK_BYTES);
    bytes.putLong(DATABASE_ID_AT, databaseId.getMostSignificantBits());
    bytes.putLong(DATABASE_ID_AT + 8, databaseId.getLeastSignificantBits());
    bytes.put(KIND_AT, kind.getBytes(US_ASCII));
    bytes.putLong(SEGMENT_ID_AT, segmentId);
    bytes.putLong(PAYLOAD_BYTES_AT, payloadBytes);
    for (int i = 0; i < attributes.size(); i++) {
      bytes.putLong(ATTRIBUTES_AT + i * Long.BYTES, attributes.get(i));
    }
    bytes.putInt(CRC_AT, Checksums.crc32c(bytes.slice(0, CRC_AT)));
    return bytes;
  }

  /** Verifies {@code bytes[0..4096)} of {@code file}, which must be of this database. */
  static SegmentHeader decode(Path file, ByteBuffer bytes, UUID databaseId) throws IOException {
    bytes.order(LITTLE_ENDIAN);
    expect(file, MAGIC_AT, "magic", MAGIC, bytes.getLong(MAGIC_AT));
    int crc = Checksums.crc32c(bytes.slice(0, CRC_AT));
    expect(file, CRC_AT, "header crc32c", crc, bytes.getInt(CRC_AT));
    expect(file, VERSION_AT, "version", VERSION, bytes.getInt(VERSION_AT));
    expect(file, BLOCK_BYTES_AT, "block bytes", BLOCK_BYTES, bytes.getInt(BLOCK_BYTES_AT));
    UUID found = new UUID(bytes.getLong(DATABASE_ID_AT), bytes.getLong(DATABASE_ID_AT + 8));
    if (!found.equals(databaseId)) {
      throw new CorruptFileException(
          file, DATABASE_ID_AT, "database id", databaseId.toString(), found.toString());
    }
    long[] attributes = new long[ATTRIBUTES];
    bytes.duplicate().order(LITTLE_ENDIAN).position(ATTRIBUTES_AT).asLongBuffer().get(attributes);
    String kind = US_ASCII.decode(bytes.slice(KIND_AT, KIND_BYTES)).toString().replace("\0", "");
    return new SegmentHeader(
        found,
        kind,
        bytes.getLong(SEGMENT_ID_AT),
        bytes.getLong(PAYLOAD_BYTES_AT),
        LongStream.of(attributes).boxed().toList());
  }

  /** The database that a file with a whole header says it is of. */
  static UUID databaseIdOf(FileHandle file) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(LITTLE_ENDIAN);
    file.read(bytes, 0);
    UUID found = new UUID(bytes.getLong(DATABASE_ID_AT), bytes.getLong(DATABASE_ID_AT + 8));
    return decode(file.path(), bytes, found).databaseId();
  }

  void expectName(Path file, String expectedKind, long expectedId) throws CorruptFileException {
    if (!kind.equals(expectedKind)) {
      throw new CorruptFileException(file, KIND_AT, "kind", expectedKind, kind);
    }
    expect(file, SEGMENT_ID_AT, "segment id", expectedId, segmentId);
  }
}
