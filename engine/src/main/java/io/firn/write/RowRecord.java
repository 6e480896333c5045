package io.firn.write;

import io.firn.Metadata;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * A row without its vector, as the rows table stores it. Big-endian.
 *
 * <pre>
 * u8   form        1, or 2
 * u32  revision                            in form 2: how often the metadata were replaced; else 0
 * u8   id kind     1 = long, 2 = string
 * i64  id                                  if long
 * u16  length, then UTF-8                  if string
 * u16  fields; each:
 *   u8  name length, then UTF-8
 *   u8  type       1 string, 2 long, 3 double, 4 boolean, 5 list of string, 6 bytes, 7 time
 *   string, bytes: u32 length and bytes; long, double: 8 bytes; boolean: u8;
 *   list: u32 count, each u32 length and UTF-8; time: i64 seconds since 1970, u32 nanoseconds
 * </pre>
 */
public record RowRecord(RowId id, Metadata metadata, int revision) {

  private static final int FORM = 1;
  private static final int REVISED_FORM = 2;
  private static final int LONG_ID = 1;
  private static final int STRING_ID = 2;
  private static final int STRING = 1;
  private static final int LONG = 2;
  private static final int DOUBLE = 3;
  private static final int BOOLEAN = 4;
  private static final int STRINGS = 5;
  private static final int BYTES = 6;
  private static final int TIME = 7;

  /** The record of a row whose metadata were never replaced. */
  public RowRecord(RowId id, Metadata metadata) {
    this(id, metadata, 0);
  }

  public byte[] encode() {
    var bytes = new ByteArrayOutputStream(64);
    var out = new DataOutputStream(bytes);
    try {
      out.writeByte(revision == 0 ? FORM : REVISED_FORM);
      if (revision != 0) {
        out.writeInt(revision);
      }
      writeId(out);
      out.writeShort(metadata.names().size());
      for (String name : metadata.names()) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        out.writeByte(text.length);
        out.write(text);
        writeValue(out, Objects.requireNonNull(metadata.get(name)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private void writeId(DataOutputStream out) throws IOException {
    String text = id.text();
    if (text == null) {
      out.writeByte(LONG_ID);
      out.writeLong(id.number());
    } else {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      out.writeByte(STRING_ID);
      out.writeShort(utf8.length);
      out.write(utf8);
    }
  }

  private static void writeValue(DataOutputStream out, Object value) throws IOException {
    switch (value) {
      case String text -> {
        out.writeByte(STRING);
        writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
      }
      case Long number -> {
        out.writeByte(LONG);
        out.writeLong(number);
      }
      case Double number -> {
        out.writeByte(DOUBLE);
        out.writeDouble(number);
      }
      case Boolean flag -> {
        out.writeByte(BOOLEAN);
        out.writeBoolean(flag);
      }
      case Instant time -> {
        out.writeByte(TIME);
        out.writeLong(time.getEpochSecond());
        out.writeInt(time.getNano());
      }
      case List<?> strings -> {
        out.writeByte(STRINGS);
        out.writeInt(strings.size());
        for (Object text : strings) {
          writeBytes(out, ((String) text).getBytes(StandardCharsets.UTF_8));
        }
      }
      case byte[] bytes -> {
        out.writeByte(BYTES);
        writeBytes(out, bytes);
      }
      default -> throw new IllegalStateException("metadata holds a " + value.getClass());
    }
  }

  private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads what {@link #encode} wrote; the caller has verified the checksum.
   *
   * @param wanted the fields to read; the others are passed over
   */
  public static RowRecord decode(byte[] bytes, Fields wanted) {
    var in = new DataInputStream(new ByteArrayInputStream(bytes));
    try {
      int revision = readRevision(in);
      RowId id = readId(in);
      Metadata metadata = wanted.none() ? Metadata.EMPTY : readMetadata(in, wanted);
      return new RowRecord(id, metadata, revision);
    } catch (IOException e) {
      throw new UncheckedIOException("a checked row record ends early", e);
    }
  }

  private static int readRevision(DataInputStream in) throws IOException {
    int form = in.readUnsignedByte();
    return switch (form) {
      case FORM -> 0;
      case REVISED_FORM -> in.readInt();
      default -> throw new IllegalStateException("row record has form " + form);
    };
  }

  /** The id in an encoded record. */
  public static RowId id(byte[] bytes) {
    return decode(bytes, Fields.NONE).id();
  }

  /** How often the metadata of an encoded record were replaced. */
  static int revision(byte[] bytes) {
    return decode(bytes, Fields.NONE).revision();
  }

  /**
   * The same record as the next revision of another.
   *
   * @param bytes encoded, of revision 0
   * @param replaced encoded
   */
  static byte[] revised(byte[] bytes, byte[] replaced) {
    return ByteBuffer.allocate(bytes.length + Integer.BYTES)
        .put((byte) REVISED_FORM)
        .putInt(revision(replaced) + 1)
        .put(bytes, 1, bytes.length - 1)
        .array();
  }

  private static RowId readId(DataInputStream in) throws IOException {
    return in.readUnsignedByte() == LONG_ID
        ? RowId.of(in.readLong())
        : new RowId(new String(in.readNBytes(in.readUnsignedShort()), StandardCharsets.UTF_8), 0);
  }

  private static Metadata readMetadata(DataInputStream in, Fields wanted) throws IOException {
    int count = in.readUnsignedShort();
    var fields = new LinkedHashMap<String, Object>(count * 2);
    for (int i = 0; i < count; i++) {
      String name = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
      if (wanted.wants(name)) {
        fields.put(name, readValue(in));
      } else {
        skipValue(in);
      }
    }
    return Metadata.of(fields);
  }

  private static Object readValue(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case STRING -> readText(in);
      case LONG -> in.readLong();
      case DOUBLE -> in.readDouble();
      case BOOLEAN -> in.readBoolean();
      case STRINGS -> {
        int count = in.readInt();
        var strings = new ArrayList<String>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
          strings.add(readText(in));
        }
        yield strings;
      }
      case BYTES -> in.readNBytes(in.readInt());
      case TIME -> Instant.ofEpochSecond(in.readLong(), in.readInt());
      default -> throw new IllegalStateException("metadata type " + type);
    };
  }

  private static void skipValue(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    switch (type) {
      case STRING, BYTES -> in.skipNBytes(in.readInt());
      case LONG, DOUBLE -> in.skipNBytes(8);
      case BOOLEAN -> in.skipNBytes(1);
      case TIME -> in.skipNBytes(12);
      case STRINGS -> {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          in.skipNBytes(in.readInt());
        }
      }
      default -> throw new IllegalStateException("metadata type " + type);
    }
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
  }
}
