package io.firn.index;

import io.firn.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A filter split into what indexes answer and what must be asked of each row's record.
 *
 * @param indexed all of its fields have an index
 * @param rest what else a row must pass, or null
 */
public record IndexedFilter(Filter indexed, @Nullable Filter rest) {

  /** One snapshot of a collection, as far as indexes need to know it. */
  public interface Rows {

    /** Sequence number of the snapshot. */
    long sequence();

    /** Row numbers below it are the snapshot's. */
    int count();

    /** Rows of a block whose metadata was updated after a commit; null if too many to say. */
    int @Nullable [] changedSince(int block, long sequence);

    /** Rows whose metadata was updated after the snapshot. */
    int[] revised();

    boolean alive(int rowNumber);
  }

  /**
   * The split, or null if indexes answer no part of the filter.
   *
   * @param sequence of the last commit that the loader of columns will see
   */
  public static @Nullable IndexedFilter of(
      Filter filter, Map<String, FieldIndex> indexes, long sequence) {
    var indexed = new ArrayList<Filter>();
    var rest = new ArrayList<Filter>();
    split(filter, index -> ready(indexes.get(index), sequence), indexed, rest);
    return indexed.isEmpty()
        ? null
        : new IndexedFilter(new Filter.And(indexed), rest.isEmpty() ? null : new Filter.And(rest));
  }

  private static void split(
      Filter filter, Predicate<String> ready, List<Filter> indexed, List<Filter> rest) {
    if (filter instanceof Filter.And(List<Filter> parts)) {
      parts.forEach(part -> split(part, ready, indexed, rest));
    } else if (filter.fields().stream().allMatch(ready)) {
      indexed.add(filter);
    } else {
      rest.add(filter);
    }
  }

  private static boolean ready(@Nullable FieldIndex index, long sequence) {
    return index != null && index.ready(sequence);
  }

  /**
   * The rows of a snapshot that the indexed part lets pass, dead ones possibly among them.
   *
   * @param loader loads columns as of the snapshot or later
   * @param matches asks the indexed part of the record of a row that is alive
   */
  public RowSet rows(
      Map<String, FieldIndex> indexes,
      FilterCache cache,
      Rows snapshot,
      FieldIndex.Loader loader,
      IntPredicate matches) {
    Map<Integer, FilterCache.Block> known = cache.known(indexed);
    var result = new RowSet(snapshot.count());
    var doubtful = new RowSet(snapshot.count());
    for (int block = 0; block < RowSet.blocksOf(snapshot.count()); block++) {
      Map<String, Column> columns = columns(indexes, snapshot, loader, block, doubtful);
      result.share(block, FilterCache.rows(indexed, known, block, columns));
    }
    result.cut(snapshot.count());
    for (int rowNumber : snapshot.revised()) {
      doubtful.add(rowNumber);
    }
    doubtful.cut(snapshot.count());
    for (int row = doubtful.next(0); row >= 0; row = doubtful.next(row + 1)) {
      if (snapshot.alive(row) && matches.test(row)) {
        result.add(row);
      } else {
        result.remove(row);
      }
    }
    return result;
  }

  private Map<String, Column> columns(
      Map<String, FieldIndex> indexes,
      Rows snapshot,
      FieldIndex.Loader loader,
      int block,
      RowSet doubtful) {
    Map<String, Column> columns = new HashMap<>();
    for (String field : indexed.fields()) {
      FieldIndex index = indexes.get(field);
      if (index != null) {
        columns.put(field, index.column(block, snapshot, loader, doubtful));
      }
    }
    return columns;
  }
}
