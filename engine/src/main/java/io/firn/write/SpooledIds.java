package io.firn.write;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the ids of spooled rows, which must be asked for in ascending order; each time from the
 * first on, they are read again. For one thread.
 */
final class SpooledIds implements StoredIds.Lookup {

  private final SpooledRows rows;
  private SpooledRows.RecordReader records;
  private int next;

  SpooledIds(SpooledRows rows) {
    this.rows = rows;
    this.records = rows.records();
    this.next = rows.firstRowNumber();
  }

  @Override
  public List<RowId> of(int[] rowNumbers) throws IOException {
    if (rowNumbers[0] == rows.firstRowNumber()) {
      records = rows.records();
      next = rowNumbers[0];
    }
    var ids = new ArrayList<RowId>(rowNumbers.length);
    for (int rowNumber : rowNumbers) {
      if (rowNumber != next++) {
        throw new IllegalStateException("row %d is asked for out of order".formatted(rowNumber));
      }
      ids.add(RowRecord.decode(records.next(), Fields.NONE).id());
    }
    return ids;
  }
}
