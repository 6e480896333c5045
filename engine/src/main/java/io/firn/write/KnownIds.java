package io.firn.write;

import io.firn.FirnException;
import io.firn.search.CollectionView;
import java.util.ArrayList;
import java.util.List;

/**
 * The ids of rows that were alive in a view: from the files of sealed segments, which stay as they
 * are, of other rows from the rows table. No snapshot need be held: a row whose record is gone by
 * now is dead, and nobody will ask for its id.
 */
record KnownIds(TableStore tables, CollectionState collection, CollectionView view)
    implements StoredIds.Lookup {

  private static final RowId OF_A_DEAD_ROW = RowId.of(0);

  @Override
  public List<RowId> of(int[] rowNumbers) {
    return tables.read(reader -> {
      var ids = new ArrayList<RowId>(rowNumbers.length);
      for (int rowNumber : rowNumbers) {
        RowId sealed = RowReads.sealedId(view.segmentOf(rowNumber), rowNumber);
        ids.add(sealed == null ? stored(reader, rowNumber) : sealed);
      }
      return ids;
    });
  }

  private RowId stored(TableStore.Reader reader, int rowNumber) {
    byte[] record = reader.get(Table.ROWS, Table.key(collection.number(), rowNumber));
    if (record != null) {
      return RowRecord.decode(record, Fields.NONE).id();
    }
    if (collection.deletions().alive(rowNumber, Long.MAX_VALUE)) {
      throw new FirnException.Corrupt(
          "row %d of \"%s\" must have a record but has none: its segment and the rows table disagree. Run verify, and restore a backup."
              .formatted(rowNumber, collection.name()),
          null);
    }
    return OF_A_DEAD_ROW;
  }
}
