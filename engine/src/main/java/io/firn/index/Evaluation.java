package io.firn.index;

import io.firn.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A filter over the columns of one block: bit by bit what it says of each row. */
final class Evaluation {

  private final Map<List<String>, Column> columns;

  /**
   * An evaluation of filters.
   *
   * @param columns of the block by the fields of their index; of every field on its own, but for
   *     conditions that a column of several fields answers together
   */
  Evaluation(Map<List<String>, Column> columns) {
    this.columns = columns;
  }

  /** Rows of the block that pass, in an array of the caller's own; null if none. */
  long @Nullable [] rows(Filter filter) {
    return switch (filter) {
      case Filter.And(List<Filter> parts) -> all(parts);
      case Filter.Or(List<Filter> parts) -> any(parts);
      case Filter.Not(Filter inner) -> not(rows(inner));
      case Filter.In in -> rows(in.field(), in);
      case Filter.Range range -> rows(range.field(), range);
      case Filter.Exists exists -> rows(exists.field(), exists);
      case Filter.Prefix prefix -> rows(prefix.field(), prefix);
      case Filter.Contains contains -> rows(contains.field(), contains);
    };
  }

  private long @Nullable [] rows(String field, Filter condition) {
    Column column = Objects.requireNonNull(columns.get(List.of(field)), field);
    return ColumnSearch.rows(column, condition);
  }

  private long @Nullable [] all(List<Filter> parts) {
    long[] result = null;
    List<Filter> left = parts;
    for (var entry : columns.entrySet()) {
      List<Filter> together =
          entry.getKey().size() > 1 ? Composite.conditions(entry.getKey(), left) : List.of();
      if (!together.isEmpty()) {
        long[] rows = ColumnSearch.rows(entry.getValue(), together);
        if (rows == null) {
          return null;
        }
        result = both(result, rows);
        left = without(left, together);
      }
    }
    for (Filter part : left) {
      long[] rows = rows(part);
      if (rows == null) {
        return null;
      }
      result = both(result, rows);
    }
    return parts.isEmpty() ? not(null) : result;
  }

  static List<Filter> without(List<Filter> parts, List<Filter> answered) {
    var left = new ArrayList<>(parts);
    left.removeAll(answered);
    return left;
  }

  private static long[] both(long @Nullable [] one, long[] other) {
    for (int i = 0; one != null && i < other.length; i++) {
      other[i] &= one[i];
    }
    return other;
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
}
