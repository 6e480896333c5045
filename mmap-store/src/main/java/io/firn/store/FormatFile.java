package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.UUID;

/**
 * The FORMAT file, which makes a directory a database. All fields are little-endian, the two halves
 * of the UUID too. This frame holds for every version to come, so that any version can name any
 * other.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  magic        "FIRN-DB" and a zero byte
 *      8      2  major        format version; a newer one is refused
 *     10      2  minor        a newer one is readable
 *     12      4  flags        0; a set bit means that the database must not be opened as it is
 *     16     16  database id  UUID: high half, low half
 *     32      8  created      milliseconds since 1970-01-01T00:00Z
 *     40     32  creator      name and version of the program, UTF-8, padded by zero bytes
 *     72     52  reserved     zero
 *    124      4  crc32c       of bytes 0..123
 * </pre>
 */
record FormatFile(int major, int minor, UUID databaseId, long createdMillis, String creator) {

  static final int MAJOR = 1;
  static final int MINOR = 0;

  static final int BYTES = 128;

  private static final long MAGIC = 0x0042_442D_4E52_4946L; // "FIRN-DB\0" as a little-endian long

  private static final int MAGIC_AT = 0;
  private static final int MAJOR_AT = 8;
  private static final int MINOR_AT = 10;
  private static final int FLAGS_AT = 12;
  private static final int DATABASE_ID_AT = 16;
  private static final int CREATED_AT = 32;
  private static final int CREATOR_AT = 40;
  private static final int CREATOR_BYTES = 32;
  private static final int CRC_AT = 124;

  /** The file of a new database, created now by this program. */
  static FormatFile create() {
    String version = FormatFile.class.getPackage().getImplementationVersion();
    String creator = "Firn " + (version == null ? "(unreleased)" : version);
    return new FormatFile(MAJOR, MINOR, UUID.randomUUID(), System.currentTimeMillis(), creator);
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(LITTLE_ENDIAN);
    bytes.putLong(MAGIC_AT, MAGIC);
    bytes.putShort(MAJOR_AT, (short) major);
    bytes.putShort(MINOR_AT, (short) minor);
    bytes.putLong(DATABASE_ID_AT, databaseId.getMostSignificantBits());
    bytes.putLong(DATABASE_ID_AT + 8, databaseId.getLeastSignificantBits());
    bytes.putLong(CREATED_AT, createdMillis);
    byte[] name = creator.getBytes(UTF_8);
    bytes.put(CREATOR_AT, name, 0, Math.min(name.length, CREATOR_BYTES));
    bytes.putInt(CRC_AT, crc(bytes));
    return bytes;
  }

  /**
   * Reads and verifies {@code file}.
   *
   * @throws CorruptFileException if it is damaged, or a foreign file of this name
   * @throws FormatVersionException if it is newer than this program
   */
  static FormatFile read(Io io, Path file) throws IOException {
    try (FileHandle handle = io.open(file)) {
      expect(file, 0, "file size", BYTES, handle.size());
      ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(LITTLE_ENDIAN);
      handle.read(bytes, 0);
      return decode(file, bytes);
    }
  }

  private static FormatFile decode(Path file, ByteBuffer bytes) throws IOException {
    expect(file, MAGIC_AT, "magic", MAGIC, bytes.getLong(MAGIC_AT));
    expect(file, CRC_AT, "crc32c", crc(bytes), bytes.getInt(CRC_AT));
    FormatFile format =
        new FormatFile(
            Short.toUnsignedInt(bytes.getShort(MAJOR_AT)),
            Short.toUnsignedInt(bytes.getShort(MINOR_AT)),
            new UUID(bytes.getLong(DATABASE_ID_AT), bytes.getLong(DATABASE_ID_AT + 8)),
            bytes.getLong(CREATED_AT),
            UTF_8.decode(bytes.slice(CREATOR_AT, CREATOR_BYTES)).toString().replace("\0", ""));
    if (format.major > MAJOR) {
      throw new FormatVersionException(file, format.version(), MAJOR + "." + MINOR, format.creator);
    }
    expect(file, FLAGS_AT, "flags", 0, bytes.getInt(FLAGS_AT));
    return format;
  }

  String version() {
    return major + "." + minor;
  }

  private static int crc(ByteBuffer bytes) {
    return Checksums.crc32c(bytes.slice(0, CRC_AT));
  }
}
