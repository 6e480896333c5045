package io.firn.write;

import io.firn.index.Column;
import io.firn.index.FieldIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads columns of a collection's indexes as of a reader's moment: from the postings, or from a
 * known column and the records of the few rows that were written since.
 */
record ColumnReader(TableStore.Reader reader, int collection) implements FieldIndex.Loader {

  private static final int BLOCK_ROWS = 1 << Postings.BLOCK_BITS;

  /** Reading so many records takes as long as reading all postings of a block. */
  private static final int MAX_RENEWED_ROWS = 8_192;

  private static final Comparator<Column.Entry> BY_KEY =
      (one, other) -> Arrays.compareUnsigned(one.key(), other.key());

  @Override
  public Column load(
      FieldIndex index, int block, @Nullable Column known, int @Nullable [] changed) {
    long sequence = Postings.sequence(reader); // first: what follows may be newer, never older
    byte[] state = reader.get(Table.STATE, Table.key(collection));
    int rows = state == null ? 0 : CollectionState.Stored.decode(state).nextRowNumber();
    if (known == null
        || changed == null
        || rows - known.coveredRows() + changed.length > MAX_RENEWED_ROWS) {
      return scan(index, block, new Column.Builder(sequence, rows));
    }
    var renewed = new BitSet(BLOCK_ROWS);
    for (int row : changed) {
      renewed.set(row & (BLOCK_ROWS - 1));
    }
    int first = block << Postings.BLOCK_BITS;
    int from = Math.max(0, known.coveredRows() - first);
    int to = (int) Math.min(BLOCK_ROWS, (long) rows - first);
    if (from < to) {
      renewed.set(from, to);
    }
    return known.renewed(sequence, rows, renewed, entries(index, first, renewed));
  }

  private Column scan(FieldIndex index, int block, Column.Builder column) {
    byte[] from = Postings.prefix(collection, index.number(), block);
    reader.keys(
        Table.POSTINGS,
        from,
        Postings.end(from),
        key -> {
          byte[] value = Arrays.copyOfRange(key, from.length, key.length - 2);
          column.add(value, ByteBuffer.wrap(key).getChar(key.length - 2));
          return true;
        });
    return column.build();
  }

  private List<Column.Entry> entries(FieldIndex index, int first, BitSet lows) {
    var fields = new Fields(Set.copyOf(index.fields()));
    var entries = new ArrayList<Column.Entry>();
    for (int low = lows.nextSetBit(0); low >= 0; low = lows.nextSetBit(low + 1)) {
      byte[] record = reader.get(Table.ROWS, Table.key(collection, first + low));
      if (record != null) { // else dead and buried
        for (byte[] key : index.keys(RowRecord.decode(record, fields).metadata())) {
          entries.add(new Column.Entry(key, low));
        }
      }
    }
    entries.sort(BY_KEY);
    return entries;
  }
}
