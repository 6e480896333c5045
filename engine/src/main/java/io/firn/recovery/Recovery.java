package io.firn.recovery;

import io.firn.Options;
import io.firn.RecoveryReport;
import io.firn.index.FieldIndex;
import io.firn.search.FreshSegment;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.Snapshots;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Lmdb;
import io.firn.store.ReadTxn;
import io.firn.write.CollectionState;
import io.firn.write.Collections;
import io.firn.write.DeadRow;
import io.firn.write.Engine;
import io.firn.write.Fields;
import io.firn.write.RowId;
import io.firn.write.RowRecord;
import io.firn.write.SegmentFiles;
import io.firn.write.StoredIndex;
import io.firn.write.StoredSegment;
import io.firn.write.StoredSpec;
import io.firn.write.Table;
import io.firn.write.TableStore;
import io.firn.write.Tombstones;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;

/**
 * Reads a database's last commit into memory: catalog, manifest, tombstones, and the rows that no
 * segment file holds yet. Changes nothing in LMDB, so it may be cut off and run again; derived
 * files that are damaged are made again, files that nothing refers to go to {@code trash/}.
 */
final class Recovery {

  private static final RowId NO_ID = RowId.of(0); // of a dead row: nobody asks for it

  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final DatabaseDirectory directory;
  private final Lmdb lmdb;
  private final Options options;
  private final long startedAt;
  private final boolean readOnly;
  private final Collections collections = new Collections();
  private final Set<Path> referenced = new HashSet<>();
  private final List<String> rebuilt = new ArrayList<>();
  private final List<Segment> opened = new ArrayList<>();
  private long lastSegmentId;
  private long rows;
  private long freshRows;
  private long linkedRows;

  /**
   * Reads what {@code lmdb} shows.
   *
   * @param readOnly whether nothing may be written, nor mended
   */
  Recovery(
      DatabaseDirectory directory, Lmdb lmdb, Options options, long startedAt, boolean readOnly) {
    this.readOnly = readOnly;
    this.directory = directory;
    this.lmdb = lmdb;
    this.options = options;
    this.startedAt = startedAt;
  }

  Engine run() throws IOException {
    try {
      return new Engine(lmdb.read(this::recover));
    } catch (Throwable e) {
      opened.forEach(Segment::release);
      throw e;
    }
  }

  private Engine.Parts recover(ReadTxn txn) throws IOException {
    byte[] stored = txn.get(Table.STATE.storedName(), Table.SEQUENCE_KEY);
    long sequence = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    byte[] number = txn.get(Table.STATE.storedName(), Table.SEGMENT_KEY);
    lastSegmentId = number == null ? 0 : ByteBuffer.wrap(number).getLong();
    for (var entry : catalog(txn).values()) {
      restore(txn, entry);
    }
    List<Path> trashed = readOnly ? List.of() : tidy();
    List<DeadRow> dead = dead(txn);
    for (DeadRow row : dead) { // one that is in no segment any more has no tombstone either
      collections.get(row.collection()).deletions().kill(row.rowNumber(), row.sequence());
    }
    var report =
        new RecoveryReport(
            stored == null,
            collections.names().size(),
            rows,
            freshRows,
            linkedRows,
            List.copyOf(rebuilt),
            trashed.stream().map(path -> path.getFileName().toString()).toList(),
            System.nanoTime() - startedAt);
    LOG.log(System.Logger.Level.DEBUG, () -> "opened " + directory.path() + ": " + report);
    return new Engine.Parts(
        options,
        directory,
        readOnly ? null : new SegmentFiles(directory, lastSegmentId + 1),
        new TableStore(lmdb),
        collections,
        new Snapshots(sequence, collections.views(sequence)),
        sequence,
        dead,
        report,
        readOnly);
  }

  private List<Path> tidy() throws IOException {
    directory.emptyTrash(); // what an earlier open put there has had its time
    return directory.moveOrphansToTrash(referenced);
  }

  private record Entry(String name, StoredSpec spec) {}

  /** Catalog entries by collection number. */
  private static SortedMap<Integer, Entry> catalog(ReadTxn txn) throws IOException {
    var entries = new TreeMap<Integer, Entry>();
    txn.scan(
        Table.CATALOG.storedName(),
        null,
        null,
        (key, value) -> {
          StoredSpec spec = StoredSpec.decode(value.toArray(ValueLayout.JAVA_BYTE));
          entries.put(spec.number(), new Entry(new String(key, StandardCharsets.US_ASCII), spec));
          return true;
        });
    return entries;
  }

  private void restore(ReadTxn txn, Entry entry) throws IOException {
    int number = entry.spec().number();
    var collection = new CollectionState(number, entry.name(), entry.spec().spec());
    byte[] value = txn.get(Table.STATE.storedName(), Table.key(number));
    if (value == null) {
      throw new IllegalStateException("collection " + entry.name() + " has no state");
    }
    var stored = CollectionState.Stored.decode(value);
    restoreIndexes(txn, collection);
    long dead = restoreTombstones(txn, collection);
    List<Segment> sealed = restoreSegments(txn, collection);
    var fresh = new FreshRows(directory, collection, stored, rebuilt);
    FreshSegment restored = fresh.load(txn);
    opened.add(restored);
    requireLiveRows(entry.name(), stored.liveRows(), sealed, restored, dead);
    fresh.checkpointPath().ifPresent(referenced::add);
    lastSegmentId = Math.max(lastSegmentId, stored.checkpointId());
    freshRows += restored.size();
    linkedRows += restored.graph().size();
    rows += stored.liveRows();
    collection.restore(stored, sealed, restored);
    collections.put(collection);
  }

  /**
   * Rows of all segments less the dead must be the live ones. Else an entry of the manifest or of
   * the tombstones is lost, and to go on would throw files away or bring the dead back.
   */
  private static void requireLiveRows(
      String name, long live, List<Segment> sealed, Segment fresh, long dead) {
    long held = fresh.size() + sealed.stream().mapToLong(Segment::size).sum();
    if (held - dead != live) {
      throw new IllegalStateException(
          "collection \"%s\" has %d rows in its segments, %d of them dead, and must have %d live ones"
              .formatted(name, held, dead, live));
    }
  }

  private static void restoreIndexes(ReadTxn txn, CollectionState collection) throws IOException {
    txn.scan(
        Table.INDEXES.storedName(),
        Table.key(collection.number()),
        Table.key(collection.number() + 1),
        (key, value) -> {
          StoredIndex stored = StoredIndex.decode(value.toArray(ValueLayout.JAVA_BYTE));
          int number = ByteBuffer.wrap(key).getInt(4);
          var index = new FieldIndex(number, stored.fields(), stored.olderRows());
          if (stored.dropped()) {
            index.drop();
            collection.dropped().add(index);
          } else {
            index.built(stored.builtRows(), 0);
            collection.indexes().put(stored.fields(), index);
          }
          return true;
        });
  }

  /** Returns how many rows are dead. */
  private static long restoreTombstones(ReadTxn txn, CollectionState collection)
      throws IOException {
    long[] dead = {0};
    txn.scan(
        Table.TOMBSTONES.storedName(),
        Table.key(collection.number()),
        Table.key(collection.number() + 1),
        (_, value) -> {
          RoaringBitmap block = Tombstones.decode(value.toArray(ValueLayout.JAVA_BYTE));
          block.forEach((int rowNumber) -> collection.deletions().kill(rowNumber, 1));
          dead[0] += block.getCardinality();
          return true;
        });
    return dead[0];
  }

  private List<Segment> restoreSegments(ReadTxn txn, CollectionState collection)
      throws IOException {
    var manifest = new TreeMap<Long, StoredSegment>();
    txn.scan(
        Table.SEGMENTS.storedName(),
        Table.key(collection.number()),
        Table.key(collection.number() + 1),
        (key, value) -> {
          manifest.put(
              ByteBuffer.wrap(key).getLong(4),
              StoredSegment.decode(value.toArray(ValueLayout.JAVA_BYTE)));
          return true;
        });
    var sealed = new ArrayList<Segment>();
    for (var entry : manifest.entrySet()) {
      long id = entry.getKey();
      SealedSegment segment =
          new DerivedFiles(directory, collection.spec(), rebuilt, readOnly)
              .open(id, entry.getValue(), rowNumbers -> ids(txn, collection, rowNumbers));
      opened.add(segment);
      sealed.add(segment);
      lastSegmentId = Math.max(lastSegmentId, id);
      for (String kind : SealedSegment.KINDS) {
        referenced.add(directory.segmentPath(kind, id));
      }
    }
    sealed.sort(java.util.Comparator.comparingInt(segment -> segment.rowNumber(0)));
    return sealed;
  }

  private static List<RowId> ids(ReadTxn txn, CollectionState collection, int[] rowNumbers)
      throws IOException {
    var ids = new ArrayList<RowId>(rowNumbers.length);
    for (int rowNumber : rowNumbers) {
      byte[] record = txn.get(Table.ROWS.storedName(), Table.key(collection.number(), rowNumber));
      ids.add(record == null ? NO_ID : RowRecord.decode(record, Fields.NONE).id());
    }
    return ids;
  }

  private static List<DeadRow> dead(ReadTxn txn) throws IOException {
    var dead = new ArrayList<DeadRow>();
    txn.scan(
        Table.DEAD.storedName(),
        null,
        null,
        (key, _) -> {
          ByteBuffer in = ByteBuffer.wrap(key);
          dead.add(new DeadRow(in.getLong(), in.getInt(), in.getInt()));
          return true;
        });
    return dead;
  }
}
