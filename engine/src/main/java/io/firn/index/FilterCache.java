package io.firn.index;

import io.firn.Filter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the latest filters said of each block of rows, for when they are asked again. An answer is
 * of use as long as the columns are the same that it came from. Thread-safe.
 */
public final class FilterCache {

  private static final int MAX_FILTERS = 32;

  /**
   * The rows of a block that pass.
   *
   * @param columns by fields, that they come from
   * @param rows that pass, null for none
   */
  record Block(Map<List<String>, Column> columns, @Nullable RowBits rows) {}

  private final LinkedHashMap<Filter, Map<Integer, Block>> filters = // guarded by this
      new LinkedHashMap<>(MAX_FILTERS, 0.75f, true);

  /**
   * The rows of a block that pass; evaluates the filter if they are not among the {@code known}.
   */
  static @Nullable RowBits rows(
      Filter filter, Map<Integer, Block> known, int block, Map<List<String>, Column> columns) {
    Block found = known.get(block);
    if (found == null || !found.columns().equals(columns)) { // a column equals itself only
      long[] rows = new Evaluation(columns).rows(filter);
      found = new Block(columns, rows == null ? null : new RowBits(rows));
      known.put(block, found);
    }
    return found.rows();
  }

  /** What is known of a filter, by block; the filter that was asked for longest ago may go. */
  synchronized Map<Integer, Block> known(Filter filter) {
    Map<Integer, Block> known = filters.computeIfAbsent(filter, _ -> new ConcurrentHashMap<>());
    if (filters.size() > MAX_FILTERS) {
      filters.pollFirstEntry();
    }
    return known;
  }

  /** Bytes of heap that the rows take. */
  public synchronized long bytes() {
    return filters.values().stream()
        .flatMap(blocks -> blocks.values().stream())
        .mapToLong(block -> block.rows() == null ? 0 : block.rows().bytes())
        .sum();
  }
}
