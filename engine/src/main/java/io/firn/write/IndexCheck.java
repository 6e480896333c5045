package io.firn.write;

import io.firn.Metadata;
import io.firn.index.FieldIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Compares the entries of a collection's metadata indexes with its row records: each row must have
 * the entries that its record makes, and there must be no more. A block of rows at a time, each as
 * of one moment, so that writes go on.
 */
public final class IndexCheck {

  private static final int BLOCK_ROWS = 1 << Postings.BLOCK_BITS;

  private final CollectionState collection;
  private final int block;
  private final TableStore.Reader reader;
  private final Map<FieldIndex, AtomicLong> expected = new HashMap<>();
  private final Map<FieldIndex, String> problems = new HashMap<>();

  private IndexCheck(CollectionState collection, int block, TableStore.Reader reader) {
    this.collection = collection;
    this.block = block;
    this.reader = reader;
  }

  /**
   * What is wrong in row numbers below {@code rows}, at most one thing for each index and 65,536
   * rows.
   */
  public static List<String> problems(TableStore tables, CollectionState collection, int rows) {
    var problems = new ArrayList<String>();
    for (long first = 0; first < rows; first += BLOCK_ROWS) {
      int block = (int) (first / BLOCK_ROWS);
      problems.addAll(tables.read(reader -> new IndexCheck(collection, block, reader).problems()));
    }
    return problems;
  }

  private List<String> problems() {
    readIndexes();
    if (!expected.isEmpty()) {
      int first = block << Postings.BLOCK_BITS;
      reader.keys(
          Table.ROWS,
          Table.key(collection.number(), first),
          Table.key(collection.number(), first + BLOCK_ROWS),
          key -> {
            checkRow(ByteBuffer.wrap(key).getInt(4), reader.get(Table.ROWS, key));
            return true;
          });
      expected.forEach((index, entries) -> checkCount(index, entries.get()));
    }
    return List.copyOf(problems.values());
  }

  /** Those that are complete as of this moment. */
  private void readIndexes() {
    reader.keys(
        Table.INDEXES,
        Table.key(collection.number()),
        Table.key(collection.number() + 1),
        key -> {
          byte[] value = reader.get(Table.INDEXES, key);
          StoredIndex stored = value == null ? null : StoredIndex.decode(value);
          if (stored != null && !stored.dropped() && stored.builtRows() >= stored.olderRows()) {
            int number = ByteBuffer.wrap(key).getInt(4);
            expected.put(
                new FieldIndex(number, stored.fields(), stored.olderRows()), new AtomicLong());
          }
          return true;
        });
  }

  private void checkRow(int rowNumber, byte @Nullable [] record) {
    if (record == null) {
      return;
    }
    Metadata metadata = RowRecord.decode(record, Fields.ALL).metadata();
    expected.forEach((index, entries) -> {
      for (byte[] key : Postings.keys(collection.number(), index, rowNumber, metadata)) {
        entries.incrementAndGet();
        if (reader.get(Table.POSTINGS, key) == null) {
          report(index, "must have the entries of row %d but misses one".formatted(rowNumber));
        }
      }
    });
  }

  private void checkCount(FieldIndex index, long entries) {
    byte[] from = Postings.prefix(collection.number(), index.number(), block);
    long[] found = {0};
    reader.keys(Table.POSTINGS, from, Postings.end(from), _ -> ++found[0] > 0);
    if (found[0] != entries) {
      report(
          index,
          "must have %d entries for rows %d to %d but has %d"
              .formatted(
                  entries, (long) block * BLOCK_ROWS, (block + 1L) * BLOCK_ROWS - 1, found[0]));
    }
  }

  private void report(FieldIndex index, String what) {
    problems.putIfAbsent(
        index,
        "the index of %s of \"%s\" %s: filters would give other rows than there are. Drop the index and declare it again."
            .formatted(index.fields(), collection.name(), what));
  }
}
