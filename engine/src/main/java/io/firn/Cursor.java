package io.firn;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A place in the results of a search, to go on from with {@link Search#after}. Rows written after
 * the first page do not show on later ones, and rows deleted meanwhile shift nothing.
 *
 * @param distance of the last row seen
 * @param rowNumber of the last row seen
 * @param rank results seen so far
 * @param rows row numbers below it were given when the first page was asked for
 */
public record Cursor(float distance, int rowNumber, int rank, int rows) {

  private static final int BYTES = 16;

  /** Reads what {@link #text} wrote. */
  public static Cursor of(String text) {
    try {
      ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      var cursor = new Cursor(in.getFloat(), in.getInt(), in.getInt(), in.getInt());
      if (cursor.rank > 0 && cursor.rows > 0 && !in.hasRemaining()) {
        return cursor;
      }
    } catch (IllegalArgumentException | BufferUnderflowException _) {
      // refused below
    }
    throw new FirnException.InvalidInput(
        "a cursor must be the text of a hit's cursor but is \"%s\": it names a place in results. Pass it as it came, or start at the first page."
            .formatted(text.substring(0, Math.min(40, text.length()))));
  }

  /** The cursor in letters, digits, - and _, for a web service's clients. */
  public String text() {
    byte[] bytes =
        ByteBuffer.allocate(BYTES)
            .putFloat(distance)
            .putInt(rowNumber)
            .putInt(rank)
            .putInt(rows)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
