package io.firn.index;

import io.firn.Filter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A filter over the columns of one block: bit by bit what it says of each row. */
final class Evaluation {

  /** The column of a field in the block, or null if the field has no index. */
  interface Columns {
    @Nullable Column of(String field);
  }

  private final Columns columns;

  Evaluation(Columns columns) {
    this.columns = columns;
  }

  /** Rows of the block that pass, in an array of the caller's own; null if none. */
  long @Nullable [] rows(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> all(parts);
      case Filter.Or(List<Filter> parts) -> any(parts);
      case Filter.Not(Filter inner) -> not(rows(inner));
      case Filter.In in -> in(column(in.field()), in.values());
      case Filter.Range range -> range(column(range.field()), range);
      case Filter.Exists(String field) -> {
        Column column = column(field);
        yield between(column, 0, column.size());
      }
      case Filter.Prefix(String field, String prefix) -> {
        byte[] key = ValueKeys.textPrefix(ValueKeys.STRING, prefix);
        yield between(column(field), key, ValueKeys.afterPrefix(key));
      }
      case Filter.Contains(String field, String text) -> contains(column(field), text);
    };
  }

  private Column column(String field) {
    return Objects.requireNonNull(columns.of(field), field);
  }

  private long @Nullable [] all(List<Filter> parts) {
    long[] result = null;
    for (Filter part : parts) {
      long[] rows = rows(part);
      if (rows == null) {
        return null;
      }
      for (int i = 0; result != null && i < rows.length; i++) {
        rows[i] &= result[i];
      }
      result = rows;
    }
    return parts.isEmpty() ? not(null) : result;
  }

  private long @Nullable [] any(List<Filter> parts) {
    long[] result = null;
    for (Filter part : parts) {
      long[] rows = rows(part);
      for (int i = 0; rows != null && result != null && i < rows.length; i++) {
        rows[i] |= result[i];
      }
      result = rows == null ? result : rows;
    }
    return result;
  }

  private static long[] not(long @Nullable [] rows) {
    long[] result = rows == null ? new long[RowSet.BLOCK_WORDS] : rows;
    for (int i = 0; i < result.length; i++) {
      result[i] = ~result[i];
    }
    return result;
  }

  private static long @Nullable [] in(Column column, List<Object> values) {
    long[] bits = null;
    for (Object value : values) {
      bits = add(column, ValueKeys.exact(value), bits);
    }
    return bits;
  }

  /** Adds the rows of one key. */
  private static long @Nullable [] add(Column column, byte[] key, long @Nullable [] bits) {
    int from = column.find(key, false);
    int to = column.find(key, true);
    return from == to ? bits : addTo(column, from, to, bits);
  }

  private static long[] addTo(Column column, int from, int to, long @Nullable [] bits) {
    long[] result = bits == null ? new long[RowSet.BLOCK_WORDS] : bits;
    column.addRows(from, to, result);
    return result;
  }

  private static long @Nullable [] range(Column column, Filter.Range range) {
    byte tag = ValueKeys.exact(Objects.requireNonNullElse(range.from(), range.to()))[0];
    Object from = range.from();
    Object to = range.to();
    int first =
        from == null
            ? column.find(new byte[] {tag}, false)
            : column.find(ValueKeys.exact(from), !range.fromIncluded());
    int end =
        to == null
            ? column.find(new byte[] {(byte) (tag + 1)}, false)
            : column.find(ValueKeys.exact(to), range.toIncluded());
    return between(column, first, end);
  }

  private static long @Nullable [] between(Column column, byte[] from, byte @Nullable [] to) {
    int end = to == null ? column.size() : column.find(to, false);
    return between(column, column.find(from, false), end);
  }

  private static long @Nullable [] between(Column column, int from, int to) {
    return from >= to ? null : addTo(column, from, to, null);
  }

  /** Lists by their element; texts by looking into each distinct one. */
  private static long @Nullable [] contains(Column column, String text) {
    long[] bits = add(column, ValueKeys.text(ValueKeys.ELEMENT, text), null);
    int end = column.find(new byte[] {ValueKeys.ELEMENT}, false);
    for (int at = column.find(new byte[] {ValueKeys.STRING}, false); at < end; at++) {
      if (ValueKeys.text(column.key(at)).contains(text)) {
        bits = addTo(column, at, at + 1, bits);
      }
    }
    return bits;
  }
}
