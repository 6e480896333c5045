package io.firn.index;

import io.firn.Filter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of one column whose values pass: bits are added to an array of the caller's own,
 * made when the first row is found.
 */
final class ColumnSearch {

  private static final byte[] NOTHING = {};

  private final Column column;
  private long @Nullable [] bits;

  private ColumnSearch(Column column) {
    this.column = column;
  }

  /** Rows that pass one condition, in an array of the caller's own; null if none. */
  static long @Nullable [] rows(Column column, Filter condition) {
    var search = new ColumnSearch(column);
    search.add(NOTHING, condition);
    return search.bits;
  }

  /**
   * Rows of a composite index's column that pass a condition on each of its fields, see {@link
   * Composite}.
   */
  static long @Nullable [] rows(Column column, List<Filter> conditions) {
    var search = new ColumnSearch(column);
    search.add(NOTHING, conditions, 0);
    return search.bits;
  }

  private void add(byte[] begin, List<Filter> conditions, int at) {
    if (at == conditions.size() - 1) {
      add(begin, conditions.get(at));
    } else if (conditions.get(at) instanceof Filter.In in) {
      for (Object value : in.values()) {
        add(joined(begin, ValueKeys.exact(value)), conditions, at + 1);
      }
    }
  }

  /** Adds the rows whose keys begin so and go on with a value that passes. */
  private void add(byte[] begin, Filter condition) {
    switch (condition) {
      case Filter.In in -> in.values().forEach(value -> key(begin, ValueKeys.exact(value)));
      case Filter.Range range -> range(begin, range);
      case Filter.Prefix(_, String prefix) -> {
        byte[] key = joined(begin, ValueKeys.textPrefix(ValueKeys.STRING, prefix));
        byte[] after = ValueKeys.afterPrefix(key);
        between(column.find(key, false), after == null ? column.size() : column.find(after, false));
      }
      case Filter.Exists _ -> between(0, column.size());
      case Filter.Contains(_, String text) -> contains(text);
      case Filter.And _, Filter.Or _, Filter.Not _ ->
          throw new IllegalStateException("not a condition on one field: " + condition);
    }
  }

  /** Adds the rows of one key. */
  private void key(byte[] begin, byte[] value) {
    byte[] key = joined(begin, value);
    between(column.find(key, false), column.find(key, true));
  }

  private void range(byte[] begin, Filter.Range range) {
    byte tag = ValueKeys.exact(Objects.requireNonNullElse(range.from(), range.to()))[0];
    Object from = range.from();
    Object to = range.to();
    byte[] least = from == null ? new byte[] {tag} : ValueKeys.exact(from);
    byte[] most = to == null ? new byte[] {(byte) (tag + 1)} : ValueKeys.exact(to);
    between(
        column.find(joined(begin, least), from != null && !range.fromIncluded()),
        column.find(joined(begin, most), to != null && range.toIncluded()));
  }

  /** Lists by their element; texts by looking into each distinct one. */
  private void contains(String text) {
    key(NOTHING, ValueKeys.text(ValueKeys.ELEMENT, text));
    int end = column.find(new byte[] {ValueKeys.ELEMENT}, false);
    for (int at = column.find(new byte[] {ValueKeys.STRING}, false); at < end; at++) {
      if (ValueKeys.text(column.key(at)).contains(text)) {
        between(at, at + 1);
      }
    }
  }

  private void between(int from, int to) {
    if (from < to) {
      long[] into = bits == null ? new long[RowSet.BLOCK_WORDS] : bits;
      column.addRows(from, to, into);
      bits = into;
    }
  }

  private static byte[] joined(byte[] begin, byte[] end) {
    return begin.length == 0
        ? end
        : ByteBuffer.allocate(begin.length + end.length).put(begin).put(end).array();
  }
}
