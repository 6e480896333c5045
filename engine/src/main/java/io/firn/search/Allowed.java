package io.firn.search;

import io.firn.index.RowSet;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a view a search may return.
 *
 * @param rows a superset of them, or null if unknown
 * @param test what else a row must pass; asked about live rows of {@code rows} only
 * @param record what else its record must say; reading it takes longer than comparing vectors, so
 *     this is asked last
 */
public record Allowed(@Nullable RowSet rows, IntPredicate test, IntPredicate record) {

  /** A test that every row passes: then the rows are not asked one by one. */
  public static final IntPredicate ANY = _ -> true;

  /** True if the records of rows must be asked. */
  boolean asksRecords() {
    return !record.equals(ANY);
  }

  boolean contains(int rowNumber) {
    return (rows == null || rows.contains(rowNumber))
        && test.test(rowNumber)
        && record.test(rowNumber);
  }
}
