package io.firn.write;

import io.firn.search.FreshSegment;
import io.firn.search.SealedSegment;
import io.firn.store.WriteTxn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The commit of a load: puts the entries of all its rows into the tables in one transaction, piece
 * by piece from their files, so that memory holds numbers of rows only. A row replaces one of the
 * same id, of the same load too. Writer thread only.
 */
final class LoadCommit {

  private static final int SORTED_ROWS = 1 << 17;
  private static final int INDEXED_ROWS = 1 << 16; // a block of an index, whose keys are near
  private static final byte[] NOTHING = {};

  private static final Comparator<NewRow> BY_KEY =
      Comparator.comparing(NewRow::idKey, Arrays::compareUnsigned)
          .thenComparingInt(NewRow::rowNumber);

  private record NewRow(byte[] idKey, int rowNumber) {}

  private final CollectionState collection;
  private final List<SpooledRows> loaded;
  private final long sequence;
  private IntArrayList replaced = new IntArrayList(); // rows from before the load
  private RoaringBitmap doubled = new RoaringBitmap(); // rows of it that others of it replace

  LoadCommit(CollectionState collection, List<SpooledRows> loaded, long sequence) {
    this.collection = collection;
    this.loaded = loaded;
    this.sequence = sequence;
  }

  private int firstRowNumber() {
    return loaded.getFirst().firstRowNumber();
  }

  private int count() {
    return loaded.stream().mapToInt(SpooledRows::count).sum();
  }

  private long newRows() {
    return (long) count() - doubled.getCardinality() - replaced.size();
  }

  /** Puts everything. May run more than once, see {@link io.firn.store.Lmdb#write}. */
  void put(WriteTxn txn) throws IOException {
    replaced = new IntArrayList();
    doubled = new RoaringBitmap();
    for (SpooledRows rows : loaded) {
      putIds(txn, rows);
    }
    for (SpooledRows rows : loaded) {
      putRecords(txn, rows);
    }
    TableStore.put(txn, deaths(txn));
    TableStore.put(txn, manifest());
  }

  /** In pieces of many rows, each sorted, so that a page is touched once for a piece. */
  private void putIds(WriteTxn txn, SpooledRows rows) throws IOException {
    var piece = new ArrayList<NewRow>();
    SpooledRows.RecordReader records = rows.records();
    for (int i = 0; i < rows.count(); i++) {
      RowId id = RowRecord.decode(records.next(), Fields.NONE).id();
      piece.add(new NewRow(Table.key(collection.number(), id), rows.firstRowNumber() + i));
      if (piece.size() == SORTED_ROWS || i == rows.count() - 1) {
        piece.sort(BY_KEY);
        putSortedIds(txn, piece);
        piece.clear();
      }
    }
  }

  private void putSortedIds(WriteTxn txn, List<NewRow> sorted) throws IOException {
    String table = Table.IDS.storedName();
    boolean above = true;
    for (int i = 0; i < sorted.size(); i++) {
      NewRow row = sorted.get(i);
      if (i + 1 < sorted.size() && Arrays.equals(row.idKey(), sorted.get(i + 1).idKey())) {
        doubled.add(row.rowNumber());
        continue;
      }
      byte[] value = ByteBuffer.allocate(4).putInt(row.rowNumber()).array();
      above = above && txn.append(table, row.idKey(), value);
      if (!above) {
        replace(txn.get(table, row.idKey()));
        txn.put(table, row.idKey(), value);
      }
    }
  }

  private void replace(byte @Nullable [] stored) {
    if (stored == null) {
      return;
    }
    int rowNumber = ByteBuffer.wrap(stored).getInt();
    if (rowNumber >= firstRowNumber()) {
      doubled.add(rowNumber);
    } else {
      replaced.addInt(rowNumber);
    }
  }

  /**
   * Every record of a load that stays passes here once: what is derived from records begins here.
   */
  private void putRecords(WriteTxn txn, SpooledRows rows) throws IOException {
    String table = Table.ROWS.storedName();
    SpooledRows.RecordReader records = rows.records();
    boolean above = true;
    var entries = new WriteSet();
    for (int i = 0; i < rows.count(); i++) {
      byte[] record = records.next();
      int rowNumber = rows.firstRowNumber() + i;
      if (!doubled.contains(rowNumber)) {
        Postings.enter(collection, rowNumber, record, entries);
        byte[] key = Table.key(collection.number(), rowNumber);
        above = above && txn.append(table, key, record);
        if (!above) {
          txn.put(table, key, record);
        }
      }
      if ((i + 1) % INDEXED_ROWS == 0 || i == rows.count() - 1) {
        TableStore.put(txn, entries);
        entries = new WriteSet();
      }
    }
  }

  private WriteSet deaths(WriteTxn txn) {
    var deaths = new WriteSet();
    var tombstones = new Tombstones((table, key) -> get(txn, table, key), deaths);
    for (int i = 0; i < replaced.size(); i++) {
      int rowNumber = replaced.getInt(i);
      tombstones.add(collection.number(), rowNumber);
      deaths.put(Table.DEAD, Table.deadKey(sequence, collection.number(), rowNumber), NOTHING);
    }
    doubled.forEach((int rowNumber) -> tombstones.add(collection.number(), rowNumber));
    tombstones.flush();
    return deaths;
  }

  private static byte @Nullable [] get(WriteTxn txn, Table table, byte[] key) {
    try {
      return txn.get(table.storedName(), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WriteSet manifest() {
    var manifest = new WriteSet();
    for (SpooledRows rows : loaded) {
      manifest.put(
          Table.SEGMENTS,
          Table.key(collection.number(), rows.segmentId()),
          new StoredSegment(rows.count(), rows.sealed().vectorFingerprint()).encode());
    }
    manifest.put(
        Table.STATE,
        Table.key(collection.number()),
        collection.storedAfter(count(), newRows()).encode());
    return manifest;
  }

  /**
   * Brings memory to the state of the tables, after the commit.
   *
   * @param died receives the rows whose records are to be removed later
   * @return the segment that nobody needs any more
   */
  FreshSegment apply(List<DeadRow> died) {
    for (int i = 0; i < replaced.size(); i++) {
      int rowNumber = replaced.getInt(i);
      collection.deletions().kill(rowNumber, sequence);
      died.add(new DeadRow(sequence, collection.number(), rowNumber));
    }
    doubled.forEach((int rowNumber) -> collection.deletions().kill(rowNumber, sequence));
    List<SealedSegment> segments = loaded.stream().map(SpooledRows::sealed).toList();
    collection.setLoading(false);
    return collection.append(segments, count(), newRows());
  }

  /**
   * After a commit that failed and may have reached the disk all the same: shows the ids as they
   * were before.
   */
  void hide(TableStore tables) {
    tables.hideIds(collection.number(), firstRowNumber());
    var before = new WriteSet();
    for (int i = 0; i < replaced.size(); i++) {
      byte[] record = tables.get(Table.ROWS, Table.key(collection.number(), replaced.getInt(i)));
      if (record != null) {
        before.put(
            Table.IDS,
            Table.key(collection.number(), RowRecord.decode(record, Fields.NONE).id()),
            ByteBuffer.allocate(4).putInt(replaced.getInt(i)).array());
      }
    }
    tables.hide(before);
  }
}
