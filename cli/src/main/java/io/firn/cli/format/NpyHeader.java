package io.firn.cli.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The header of a NumPy array file, versions 1.0, 2.0 and 3.0 (NEP 1).
 *
 * <pre>
 * offset  bytes  field
 *      0      6  magic    0x93 "NUMPY"
 *      6      2  version  major, minor
 *      8    2|4  length   of the text, uint16 in version 1, uint32 later
 *                text     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }
 * </pre>
 */
final class NpyHeader {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int VERSION_AT = MAGIC.length;
  private static final int LENGTH_AT = VERSION_AT + 2;

  /** The three entries need some 100 bytes; the version-1 limit is ample for all versions. */
  private static final int MAX_TEXT_BYTES = 65_535;

  private NpyHeader() {}

  static RowLayout read(Path file, FileChannel channel) throws IOException {
    ByteBuffer start = RowLayout.readAt(channel, 0, LENGTH_AT + Integer.BYTES);
    if (start.remaining() < LENGTH_AT + Integer.BYTES) {
      throw malformed(file, 0, "file length", "at least 12 bytes", start.remaining() + " bytes");
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (start.get(i) != MAGIC[i]) {
        throw malformed(file, i, "magic", "0x93 NUMPY", "0x%02x".formatted(start.get(i)));
      }
    }
    int major = start.get(VERSION_AT);
    if (major < 1 || major > 3 || start.get(VERSION_AT + 1) != 0) {
      throw malformed(
          file, VERSION_AT, "version", "1.0, 2.0 or 3.0", major + "." + start.get(VERSION_AT + 1));
    }
    int textAt = LENGTH_AT + (major == 1 ? Short.BYTES : Integer.BYTES);
    long textBytes =
        major == 1
            ? Short.toUnsignedInt(start.getShort(LENGTH_AT))
            : Integer.toUnsignedLong(start.getInt(LENGTH_AT));
    if (textBytes > MAX_TEXT_BYTES || textAt + textBytes > channel.size()) {
      throw malformed(
          file,
          LENGTH_AT,
          "header length",
          "at most %d and inside the file".formatted(MAX_TEXT_BYTES),
          Long.toString(textBytes));
    }
    ByteBuffer text = RowLayout.readAt(channel, textAt, (int) textBytes);
    NpyArray array =
        new NpyText(file, textAt, StandardCharsets.ISO_8859_1.decode(text).toString()).parse();
    return new RowLayout(textAt + textBytes, 0, array.type(), array.count(), array.width())
        .fitting(file, textAt, channel.size());
  }

  static MalformedFileException malformed(
      Path file, long at, String what, String rule, String value) {
    return new MalformedFileException(
        file,
        at,
        what,
        rule,
        value,
        "this is not a NumPy array Firn reads",
        "Write it by numpy.save(file, numpy.ascontiguousarray(array, dtype='<f4'))");
  }
}
