package io.firn.cli.load;

import io.firn.Metadata;
import io.firn.Row;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A line of a JSONL file.
 *
 * @param line its number, from 1
 * @param id a String or a Long
 * @param text to be embedded if there is no vector
 * @param vector as it stands in the file
 * @param metadata all other fields, the text among them
 */
record JsonRow(
    long line, Object id, @Nullable String text, float @Nullable [] vector, Metadata metadata) {

  /**
   * Refuses an id that no row can have, while the line is known.
   *
   * @throws io.firn.FirnException.InvalidInput if it is empty, too long, or no Unicode
   */
  void checkId() {
    row(new float[0]);
  }

  String requireText() {
    return Objects.requireNonNull(text, "a row without a vector has a text");
  }

  Row row(float[] of) {
    return id instanceof Long number
        ? Row.of(number, of, metadata)
        : Row.of(id.toString(), of, metadata);
  }
}
