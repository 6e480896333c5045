package io.firn.index;

import io.firn.Metadata;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metadata values as bytes whose unsigned order is theirs: a tag of the type, then
 *
 * <pre>
 * 1 boolean   u8
 * 2 number    the nearest double, 8 bytes, sign bit flipped and all bits if negative;
 *             then the number less that double, i16 with the sign bit flipped: longs stay exact
 * 3 time      i64 seconds with the sign bit flipped, u32 nanoseconds
 * 4 string    UTF-8, up to 200 bytes, each 00 as 00 FF; then 00 01, so that no key begins another
 * 5 element of a list, as a string
 * 6 nothing:  the field is there; for lists, bytes, NaN
 * 7 nothing:  the field has a longer string, which is to be looked up in the row's record
 * </pre>
 *
 * An index of several fields has the keys of their values one after the other, for rows that have a
 * single value of type 1 to 4 in each; or only 7 if the values are too long.
 */
public final class ValueKeys {

  static final byte BOOLEAN = 1;
  static final byte NUMBER = 2;
  static final byte TIME = 3;
  static final byte STRING = 4;
  static final byte ELEMENT = 5;
  static final byte OTHER = 6;
  static final byte LONG_TEXT = 7;

  private static final int MAX_TEXT_BYTES = 200;

  /** Of several values: LMDB's keys have 511 bytes, and an entry has more than the values. */
  private static final int MAX_JOINED_BYTES = 480;

  private ValueKeys() {}

  /** The keys under which a row is found by a field; none if it does not have the field. */
  private static List<byte[]> of(Metadata metadata, String field) {
    Object value = metadata.get(field);
    return switch (value) {
      case null -> List.of();
      case String text -> List.of(stored(STRING, text));
      case List<?> list -> elements(list);
      case Double number when number.isNaN() -> List.of(new byte[] {OTHER});
      case byte[] _ -> List.of(new byte[] {OTHER});
      default -> List.of(exact(value));
    };
  }

  /** The keys under which a row is found by fields together. */
  static List<byte[]> of(Metadata metadata, List<String> fields) {
    if (fields.size() == 1) {
      return of(metadata, fields.getFirst());
    }
    var joined = new ByteArrayOutputStream();
    boolean tooLong = false;
    for (String field : fields) {
      List<byte[]> keys = of(metadata, field);
      if (keys.isEmpty() || keys.getFirst()[0] == OTHER) {
        return List.of();
      }
      tooLong |= keys.getFirst()[0] == LONG_TEXT;
      joined.writeBytes(keys.getFirst());
    }
    tooLong |= joined.size() > MAX_JOINED_BYTES;
    return List.of(tooLong ? new byte[] {LONG_TEXT} : joined.toByteArray());
  }

  private static List<byte[]> elements(List<?> list) {
    var keys = new ArrayList<byte[]>();
    keys.add(new byte[] {OTHER});
    list.stream().distinct().forEach(text -> keys.add(stored(ELEMENT, (String) text)));
    return keys;
  }

  private static byte[] stored(byte tag, String text) {
    byte[] key = text(tag, text);
    return key.length <= MAX_TEXT_BYTES + 3 ? key : new byte[] {LONG_TEXT};
  }

  /** The key of a text of any length. */
  static byte[] text(byte tag, String text) {
    byte[] begin = textPrefix(tag, text);
    return ByteBuffer.allocate(begin.length + 2).put(begin).put((byte) 0).put((byte) 1).array();
  }

  /** What the keys of all texts that begin so begin with. */
  static byte[] textPrefix(byte tag, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    var key = new ByteArrayOutputStream(1 + utf8.length);
    key.write(tag);
    for (byte each : utf8) {
      key.write(each);
      if (each == 0) {
        key.write(0xFF);
      }
    }
    return key.toByteArray();
  }

  /** The text of a key. */
  static String text(byte[] key) {
    var utf8 = new ByteArrayOutputStream(key.length);
    for (int i = 1; i < key.length - 2; i++) {
      utf8.write(key[i]);
      i += key[i] == 0 ? 1 : 0; // the FF behind it
    }
    return utf8.toString(StandardCharsets.UTF_8);
  }

  /** The key of a filter's value. */
  static byte[] exact(Object value) {
    return switch (value) {
      case String text -> text(STRING, text);
      case Boolean flag -> new byte[] {BOOLEAN, (byte) (flag ? 1 : 0)};
      case Long number -> number((double) number, residual(number));
      case Double number -> number(number, 0);
      case Instant time ->
          ByteBuffer.allocate(13)
              .put(TIME)
              .putLong(time.getEpochSecond() ^ Long.MIN_VALUE)
              .putInt(time.getNano())
              .array();
      default -> throw new IllegalStateException("no key for a " + value.getClass());
    };
  }

  /** What a long is more than the double nearest to it; at most 512. */
  private static int residual(long number) {
    double nearest = (double) number;
    return (int) (nearest == 0x1p63 ? number + Long.MIN_VALUE : number - (long) nearest);
  }

  private static byte[] number(double nearest, int residual) {
    long bits = Double.doubleToLongBits(nearest + 0.0); // -0.0 becomes 0.0
    long sortable = bits < 0 ? ~bits : bits ^ Long.MIN_VALUE;
    return ByteBuffer.allocate(11)
        .put(NUMBER)
        .putLong(sortable)
        .putShort((short) (residual ^ Short.MIN_VALUE))
        .array();
  }

  /** The least key above all that begin with {@code key}; null if there is none. */
  static byte @Nullable [] afterPrefix(byte[] key) {
    for (int i = key.length - 1; i >= 0; i--) {
      if (key[i] != (byte) 0xFF) {
        byte[] after = java.util.Arrays.copyOf(key, i + 1);
        after[i]++;
        return after;
      }
    }
    return null;
  }
}
