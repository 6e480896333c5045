package io.firn.write;

import io.firn.FirnException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * The user's id of a row: a string or a long. The string "7" and the long 7 are two ids.
 *
 * @param text the string, or null for a long
 * @param number the long, 0 for a string
 */
public record RowId(@Nullable String text, long number) {

  /** Most UTF-8 bytes in a string id. */
  public static final int MAX_BYTES = 65_535;

  /** Longer ids than this are found by their digest: a key in LMDB has at most 511 bytes. */
  private static final int MAX_PLAIN_BYTES = 400;

  private static final byte NUMBER = 1;
  private static final byte PLAIN = 2;
  private static final byte DIGEST = 3;

  public static RowId of(long number) {
    return new RowId(null, number);
  }

  /**
   * A string id.
   *
   * @throws FirnException.InvalidInput if the id is empty, too long, or not valid Unicode
   */
  public static RowId of(String text) {
    int bytes = encode(text).length;
    if (bytes == 0 || bytes > MAX_BYTES) {
      throw new FirnException.InvalidInput(
          "id must be 1..%d UTF-8 bytes but is %d (\"%s\"): it is a key of the row. Shorten it, or put the text into metadata."
              .formatted(MAX_BYTES, bytes, text.substring(0, Math.min(40, text.length()))));
    }
    return new RowId(text, 0);
  }

  /** The id's bytes in a key of the ids table, without the collection. */
  byte[] key() {
    if (text == null) {
      return ByteBuffer.allocate(9).put(NUMBER).putLong(number ^ Long.MIN_VALUE).array();
    }
    byte[] bytes = encode(text);
    return bytes.length <= MAX_PLAIN_BYTES ? tagged(PLAIN, bytes) : tagged(DIGEST, sha256(bytes));
  }

  private static byte[] tagged(byte tag, byte[] bytes) {
    return ByteBuffer.allocate(1 + bytes.length).put(tag).put(bytes).array();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] encode(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (CharacterCodingException _) {
      throw new FirnException.InvalidInput(
          "id must be valid Unicode but has an unpaired surrogate: two ids would become one on disk. Remove it.");
    }
  }

  /**
   * The long.
   *
   * @throws FirnException.InvalidInput if this is a string
   */
  public long requireNumber() {
    if (text != null) {
      throw new FirnException.InvalidInput(
          "the id must be a long to be read as one but is the string \"%s\". Use id()."
              .formatted(text));
    }
    return number;
  }

  @Override
  public String toString() {
    return text == null ? Long.toString(number) : text;
  }
}
