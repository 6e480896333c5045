package io.firn.write;

import io.firn.Metadata;
import io.firn.index.FieldIndex;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Metadata indexes on disk: an entry for each row and value, written and removed in the transaction
 * of the row's record, so that both always agree. A dead row's entries go when its record goes.
 */
final class Postings {

  private static final byte[] NOTHING = {};
  private static final int ENTRIES_AT_ONCE = 8_192;
  private static final int PREFIX_BYTES = 4 + 2 + 2;
  static final int BLOCK_BITS = 16;

  /** Reads a value as the current group sees it. */
  interface Values {
    byte @Nullable [] get(Table table, byte[] key);
  }

  private final TableStore tables;
  private final Values values;
  private final WriteSet writes;
  private final List<Runnable> afterCommit = new ArrayList<>();

  Postings(TableStore tables, Values values, WriteSet writes) {
    this.tables = tables;
    this.values = values;
    this.writes = writes;
  }

  /** Notes how far indexes are built, once that is on disk. */
  void committed() {
    afterCommit.forEach(Runnable::run);
  }

  /** Enters a row into the indexes of its collection. */
  void enter(CollectionState collection, int rowNumber, byte[] record) {
    enter(collection, rowNumber, record, writes);
  }

  static void enter(CollectionState collection, int rowNumber, byte[] record, WriteSet writes) {
    forEachKey(collection, rowNumber, record, key -> writes.put(Table.POSTINGS, key, NOTHING));
  }

  /** Takes a row out again. */
  void leave(CollectionState collection, int rowNumber, byte[] record) {
    forEachKey(collection, rowNumber, record, key -> writes.remove(Table.POSTINGS, key));
  }

  private static void forEachKey(
      CollectionState collection, int rowNumber, byte[] record, Consumer<byte[]> action) {
    if (!collection.indexes().isEmpty()) {
      Metadata metadata = RowRecord.decode(record, collection.indexedFields()).metadata();
      for (FieldIndex index : collection.indexes().values()) {
        keys(collection.number(), index, rowNumber, metadata).forEach(action);
      }
    }
  }

  /** Keys of a row's entries in an index. */
  static List<byte[]> keys(int collection, FieldIndex index, int rowNumber, Metadata metadata) {
    return index.keys(metadata).stream()
        .map(value -> key(collection, index, rowNumber, value))
        .toList();
  }

  /** Declares an index; rows from now on are entered, older ones by {@link #build}. */
  void declare(CollectionState collection, List<String> fields, long sequence) {
    if (collection.indexes().containsKey(fields)) {
      return;
    }
    var index = new FieldIndex(freeNumber(collection), fields, collection.nextRowNumber());
    collection.indexes().put(fields, index);
    store(collection, index, 0, sequence);
  }

  private static int freeNumber(CollectionState collection) {
    var taken = new BitSet();
    collection.indexes().values().forEach(index -> taken.set(index.number()));
    collection.dropped().forEach(index -> taken.set(index.number()));
    return taken.nextClearBit(0);
  }

  /** Enters rows from before the declaration, unless the index was given up meanwhile. */
  void build(Operation.BuildIndex build, long sequence) {
    CollectionState collection = build.collection();
    FieldIndex index = build.index();
    if (index.dropped()) {
      return;
    }
    var fields = new Fields(Set.copyOf(index.fields()));
    for (int rowNumber = build.fromRow(); rowNumber < build.toRow(); rowNumber++) {
      byte[] record = values.get(Table.ROWS, Table.key(collection.number(), rowNumber));
      if (record != null) { // else dead and buried
        Metadata metadata = RowRecord.decode(record, fields).metadata();
        keys(collection.number(), index, rowNumber, metadata)
            .forEach(key -> writes.put(Table.POSTINGS, key, NOTHING));
      }
    }
    store(collection, index, build.toRow(), sequence);
  }

  /**
   * Gives an index up: no row is entered or looked for from now on. A reader who has it already
   * also has a moment of the tables from before its entries go.
   *
   * @return 0 if that was done before
   */
  int drop(CollectionState collection, FieldIndex index) {
    if (!collection.indexes().remove(index.fields(), index)) {
      return 0;
    }
    index.drop();
    collection.dropped().add(index);
    put(collection, index, StoredIndex.dropped(index.fields()));
    return 1;
  }

  /**
   * Removes some entries of an index that was given up, and when none is left its own.
   *
   * @return how many it removed
   */
  int clear(CollectionState collection, FieldIndex index) {
    List<byte[]> keys = new ArrayList<>();
    tables.read(reader -> {
      reader.keys(
          Table.POSTINGS,
          prefix(collection.number(), index.number()),
          prefix(collection.number(), index.number() + 1),
          key -> keys.add(key) && keys.size() < ENTRIES_AT_ONCE);
      return keys;
    });
    keys.forEach(key -> writes.remove(Table.POSTINGS, key));
    if (keys.isEmpty()) {
      writes.remove(Table.INDEXES, Table.key(collection.number(), index.number()));
      afterCommit.add(() -> collection.dropped().remove(index));
    }
    return keys.size();
  }

  private void store(CollectionState collection, FieldIndex index, int builtRows, long sequence) {
    put(collection, index, new StoredIndex(index.olderRows(), builtRows, index.fields()));
    afterCommit.add(() -> index.built(builtRows, sequence));
  }

  private void put(CollectionState collection, FieldIndex index, StoredIndex stored) {
    writes.put(Table.INDEXES, Table.key(collection.number(), index.number()), stored.encode());
  }

  private static byte[] key(int collection, FieldIndex index, int rowNumber, byte[] value) {
    return ByteBuffer.allocate(PREFIX_BYTES + value.length + 2)
        .put(prefix(collection, index.number(), rowNumber >>> BLOCK_BITS))
        .put(value)
        .putShort((short) rowNumber)
        .array();
  }

  /** What the keys of an index's entries begin with. */
  static byte[] prefix(int collection, int index) {
    return ByteBuffer.allocate(4 + 2).putInt(collection).putShort((short) index).array();
  }

  static byte[] prefix(int collection, int index, int block) {
    return ByteBuffer.allocate(PREFIX_BYTES)
        .putInt(collection)
        .putShort((short) index)
        .putShort((short) block)
        .array();
  }

  /** A key above all that begin with a block's prefix. */
  static byte[] end(byte[] prefix) {
    byte[] end = Arrays.copyOf(prefix, prefix.length + 1);
    end[prefix.length] = (byte) 0xFF; // above every tag
    return end;
  }

  /** Sequence number of the last commit that a reader sees. */
  static long sequence(TableStore.Reader reader) {
    byte[] stored = reader.get(Table.STATE, Table.SEQUENCE_KEY);
    return stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
  }
}
