package io.firn.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An index's entry in the indexes table, big-endian.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  olderRows   rows from before the declaration are numbered below it
 *      4      4  builtRows   of them, those below it are entered; -1: its entries are being removed
 *      8      n  fields      UTF-8, with a byte FF between two, which UTF-8 never has
 * </pre>
 */
public record StoredIndex(int olderRows, int builtRows, List<String> fields) {

  private static final int DROPPED = -1;
  private static final int FIELDS_AT = 8;
  private static final byte BETWEEN = (byte) 0xFF;

  /** The entry of an index whose entries are being removed. */
  static StoredIndex dropped(List<String> fields) {
    return new StoredIndex(0, DROPPED, fields);
  }

  public boolean dropped() {
    return builtRows == DROPPED;
  }

  byte[] encode() {
    List<byte[]> names = fields.stream().map(StoredIndex::utf8).toList();
    int bytes = names.stream().mapToInt(name -> name.length + 1).sum() - 1;
    var out = ByteBuffer.allocate(FIELDS_AT + bytes).putInt(olderRows).putInt(builtRows);
    for (byte[] name : names) {
      out.put(name);
      if (out.hasRemaining()) {
        out.put(BETWEEN);
      }
    }
    return out.array();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Reads an entry whose checksum held. */
  public static StoredIndex decode(byte[] bytes) {
    var fields = new ArrayList<String>();
    int from = FIELDS_AT;
    for (int at = FIELDS_AT; at <= bytes.length; at++) {
      if (at == bytes.length || bytes[at] == BETWEEN) {
        fields.add(new String(Arrays.copyOfRange(bytes, from, at), StandardCharsets.UTF_8));
        from = at + 1;
      }
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new StoredIndex(in.getInt(), in.getInt(), List.copyOf(fields));
  }
}
