package io.firn.write;

import io.firn.Filter;
import io.firn.FirnException;
import io.firn.index.IndexedFilter;
import io.firn.index.RowSet;
import io.firn.search.CollectionView;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The row records of one collection as one view shows them. For the thread and the time of {@link
 * RowReads#reading}.
 */
public final class Records {

  private final TableStore.Reader reader;
  private final CollectionState collection;
  private final CollectionView view;

  Records(TableStore.Reader reader, CollectionState collection, CollectionView view) {
    this.reader = reader;
    this.collection = collection;
    this.view = view;
  }

  /**
   * The record of a row that is alive in the view.
   *
   * @param wanted the metadata fields to read
   * @throws FirnException.Corrupt if there is none
   */
  public RowRecord get(int rowNumber, Fields wanted) {
    return RowRecord.decode(bytes(rowNumber), wanted);
  }

  /** The ids of rows that are alive in the view. */
  List<RowId> ids(int[] rowNumbers) {
    var ids = new ArrayList<RowId>(rowNumbers.length);
    for (int rowNumber : rowNumbers) {
      ids.add(get(rowNumber, Fields.NONE).id());
    }
    return ids;
  }

  private byte[] bytes(int rowNumber) {
    byte @Nullable [] stored = reader.get(Table.ROWS, Table.key(collection.number(), rowNumber));
    byte[] then = view.revisions().at(rowNumber, view.sequence()); // after the table, see there
    if (then != null) {
      return then;
    }
    if (stored == null) {
      throw new FirnException.Corrupt(
          "row %d of collection number %d must have a record but has none: its segment and the rows table disagree. Run verify, and restore a backup."
              .formatted(rowNumber, collection.number()),
          null);
    }
    return stored;
  }

  /** A test of rows that are alive in the view; reads the record of each row it is asked about. */
  public IntPredicate matching(Filter filter) {
    var fields = new Fields(filter.fields());
    return rowNumber -> filter.matches(get(rowNumber, fields).metadata());
  }

  /**
   * A filter made ready for this view.
   *
   * @param rows that indexes say pass, dead ones possibly among them; null if no index says
   * @param unindexed what else is to be asked of a row's record, or null
   */
  public record Prepared(@Nullable RowSet rows, @Nullable Filter unindexed) {}

  /** Evaluates what of a filter the collection's indexes can answer. */
  public Prepared prepare(Filter filter) {
    var indexes = collection.indexes();
    IndexedFilter split =
        indexes.isEmpty() ? null : IndexedFilter.of(filter, indexes, Postings.sequence(reader));
    if (split == null) {
      return new Prepared(null, filter);
    }
    RowSet rows =
        split.rows(
            collection.filters(),
            new IndexedRows(view),
            new ColumnReader(reader, collection.number()),
            matching(split.indexed()));
    return new Prepared(rows, split.rest());
  }
}
