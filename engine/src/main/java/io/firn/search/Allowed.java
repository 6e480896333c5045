package io.firn.search;

import io.firn.index.RowSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a view a search may return.
 *
 * @param rows a superset of them, or null if unknown
 * @param test what else a row must pass; asked about live rows of {@code rows} only
 */
public record Allowed(@Nullable RowSet rows, IntPredicate test) {

  /** A test that every row passes: then the rows are not asked one by one. */
  public static final IntPredicate ANY = _ -> true;

  /** True if rows of the set must be asked for more. */
  boolean asksMore() {
    return !test.equals(ANY);
  }

  boolean contains(int rowNumber) {
    return (rows == null || rows.contains(rowNumber)) && test.test(rowNumber);
  }
}
