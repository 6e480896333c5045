package io.firn.index;

import io.firn.Filter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A filter split into what indexes answer and what must be asked of each row's record.
 *
 * @param indexed its conditions have indexes
 * @param rest what else a row must pass, or null
 * @param used those indexes; the ones of several fields first
 */
public record IndexedFilter(Filter indexed, @Nullable Filter rest, List<FieldIndex> used) {

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
      Filter filter, Map<List<String>, FieldIndex> indexes, long sequence) {
    var ready = new HashMap<List<String>, FieldIndex>();
    indexes.forEach((fields, index) -> {
      if (index.ready(sequence)) {
        ready.put(fields, index);
      }
    });
    return ready.isEmpty() ? null : new FilterSplit(ready).split(filter);
  }

  /**
   * The rows of a snapshot that the indexed part lets pass, dead ones possibly among them.
   *
   * @param cache what the collection's filters said before
   * @param loader loads columns as of the snapshot or later
   * @param matches asks the indexed part of the record of a row that is alive
   */
  public RowSet rows(
      FilterCache cache, Rows snapshot, FieldIndex.Loader loader, IntPredicate matches) {
    Map<Integer, FilterCache.Block> known = cache.known(indexed);
    var result = new RowSet(snapshot.count());
    var doubtful = new RowSet(snapshot.count());
    for (int block = 0; block < RowSet.blocksOf(snapshot.count()); block++) {
      var columns = new LinkedHashMap<List<String>, Column>();
      for (FieldIndex index : used) {
        columns.put(index.fields(), index.column(block, snapshot, loader, doubtful));
      }
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
}
