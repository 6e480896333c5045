package io.firn.write;

import io.firn.index.FieldIndex;
import io.firn.index.ValueKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Metadata indexes on disk: an entry for each row and value, written and removed in the transaction
 * of the row's record, so that both always agree. A dead row's entries go when its record goes.
 */
final class Postings {

  private static final byte[] NOTHING = {};
  private static final int PREFIX_BYTES = 4 + 2 + 2;
  static final int BLOCK_BITS = 16;

  /** Reads a value as the current group sees it. */
  interface Values {
    byte @Nullable [] get(Table table, byte[] key);
  }

  private final Values values;
  private final WriteSet writes;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Postings(Values values, WriteSet writes) {
    this.values = values;
    this.writes = writes;
  }

  /** Notes how far indexes are built, once that is on disk. */
  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  /** Enters a row into the indexes of its collection. */
  void enter(CollectionState collection, int rowNumber, byte[] record) {
    if (!collection.indexes().isEmpty()) {
      var row = RowRecord.decode(record, new Fields(collection.indexes().keySet()));
      collection.indexes().values().forEach(index -> enter(collection, index, rowNumber, row));
    }
  }

  private void enter(CollectionState collection, FieldIndex index, int rowNumber, RowRecord row) {
    for (byte[] value : ValueKeys.of(row.metadata(), index.field())) {
      writes.put(Table.POSTINGS, key(collection, index, rowNumber, value), NOTHING);
    }
  }

  /** Takes a row out again. */
  void leave(CollectionState collection, int rowNumber, byte[] record) {
    if (!collection.indexes().isEmpty()) {
      var row = RowRecord.decode(record, new Fields(collection.indexes().keySet()));
      for (FieldIndex index : collection.indexes().values()) {
        for (byte[] value : ValueKeys.of(row.metadata(), index.field())) {
          writes.remove(Table.POSTINGS, key(collection, index, rowNumber, value));
        }
      }
    }
  }

  /** Declares an index; rows from now on are entered, older ones by {@link #build}. */
  void declare(CollectionState collection, String field, long sequence) {
    if (collection.indexes().containsKey(field)) {
      return;
    }
    int number = collection.indexes().size();
    var index = new FieldIndex(number, field, collection.nextRowNumber());
    collection.indexes().put(field, index);
    store(collection, index, 0, sequence);
  }

  /** Enters rows from before the declaration. */
  void build(Operation.BuildIndex build, long sequence) {
    CollectionState collection = build.collection();
    var fields = Fields.of(build.index().field());
    for (int rowNumber = build.fromRow(); rowNumber < build.toRow(); rowNumber++) {
      byte[] record = values.get(Table.ROWS, Table.key(collection.number(), rowNumber));
      if (record != null) { // else dead and buried
        enter(collection, build.index(), rowNumber, RowRecord.decode(record, fields));
      }
    }
    store(collection, build.index(), build.toRow(), sequence);
  }

  private void store(CollectionState collection, FieldIndex index, int builtRows, long sequence) {
    writes.put(
        Table.INDEXES,
        Table.key(collection.number(), index.number()),
        new StoredIndex(index.olderRows(), builtRows, index.field()).encode());
    afterCommit.add(() -> index.built(builtRows, sequence));
  }

  private static byte[] key(
      CollectionState collection, FieldIndex index, int rowNumber, byte[] value) {
    return ByteBuffer.allocate(PREFIX_BYTES + value.length + 2)
        .put(prefix(collection.number(), index.number(), rowNumber >>> BLOCK_BITS))
        .put(value)
        .putShort((short) rowNumber)
        .array();
  }

  static byte[] prefix(int collection, int index, int block) {
    return ByteBuffer.allocate(PREFIX_BYTES)
        .putInt(collection)
        .putShort((short) index)
        .putShort((short) block)
        .array();
  }

  /** Sequence number of the last commit that a reader sees. */
  static long sequence(TableStore.Reader reader) {
    byte[] stored = reader.get(Table.STATE, Table.SEQUENCE_KEY);
    return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
  }
}
