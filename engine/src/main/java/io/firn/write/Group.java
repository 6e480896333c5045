package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.Filter;
import io.firn.FirnException;
import io.firn.search.FreshSegment;
import io.firn.search.Segment;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operations of one commit, applied: what goes to disk in a {@link WriteSet}, what memory gets
 * in places that no published snapshot shows yet. If the commit fails, nothing is published.
 */
final class Group {

  private static final byte[] NOTHING = {};

  private final long sequence;
  private final Collections collections;
  private final TableStore tables;
  private final int sealRows;
  private final WriteSet writes = new WriteSet();
  private final WriteSet idsBefore = new WriteSet();
  private final Set<CollectionState> touched = new LinkedHashSet<>();
  private final Map<String, CollectionState> created = new LinkedHashMap<>();
  private final Set<FreshSegment> appended = new LinkedHashSet<>();
  private final List<Segment> gone = new ArrayList<>();
  private final List<DeadRow> died = new ArrayList<>();
  private final List<RevisedRow> revised = new ArrayList<>();
  private final Tombstones tombstones;
  private @Nullable LoadCommit load;
  private final Postings postings;

  Group(long sequence, Collections collections, TableStore tables, int sealRows) {
    this.sequence = sequence;
    this.collections = collections;
    this.tables = tables;
    this.sealRows = sealRows;
    this.tombstones = new Tombstones(this::lookUp, writes);
    this.postings = new Postings(tables, this::lookUp, writes);
  }

  /**
   * Applies one batch.
   *
   * @return how many rows its deletes and updates found
   * @throws FirnException.Conflict if it is refused; then it changed nothing
   * @throws FirnException.Outdated the same, for the version of a row
   */
  int apply(Batch batch) {
    batch.operations().forEach(Group::requireFree);
    for (Operation operation : batch.operations()) {
      if (operation instanceof Operation.Require required) {
        requireVersion(required);
      }
    }
    int found = 0;
    for (Operation operation : batch.operations()) {
      found += apply(operation);
    }
    return found;
  }

  /** Refuses rows from anybody else while a load of their collection is under way. */
  private static void requireFree(Operation operation) {
    @Nullable CollectionState written =
        switch (operation) {
          case Operation.Upsert upsert -> upsert.collection();
          case Operation.Delete delete -> delete.collection();
          case Operation.DeleteMatching delete -> delete.collection();
          case Operation.Describe describe -> describe.collection();
          case Operation.BeginLoad begin -> begin.collection();
          case Operation.DeclareIndex _,
              Operation.DropIndex _,
              Operation.ClearIndex _,
              Operation.BuildIndex _,
              Operation.Expire _,
              Operation.Load _,
              Operation.LoadInMemory _,
              Operation.GiveUpLoad _,
              Operation.Create _,
              Operation.Freeze _,
              Operation.Replace _,
              Operation.Checkpoint _,
              Operation.Require _,
              Operation.Barrier _ ->
              null;
        };
    if (written != null && written.loading()) {
      throw new FirnException.Conflict(
          "collection \"%s\" must take rows from one bulk load alone while that is under way but was asked for another write: the load has numbered its rows. Commit or close the load first."
              .formatted(written.name()));
    }
  }

  private int apply(Operation operation) {
    switch (operation) {
      case Operation.Upsert upsert -> upsert(upsert);
      case Operation.Delete(var collection, var id) -> {
        touched.add(collection);
        return forget(collection, Table.key(collection.number(), id)) ? 1 : 0;
      }
      case Operation.Expire(var expiry) -> {
        return expire(expiry) ? 1 : 0;
      }
      case Operation.DeleteMatching delete -> {
        return delete(delete.collection(), delete.rowNumber(), delete.filter()) ? 1 : 0;
      }
      case Operation.Describe describe -> {
        return describe(describe) ? 1 : 0;
      }
      case Operation.DeclareIndex(var collection, var fields) ->
          postings.declare(collection, fields, sequence);
      case Operation.DropIndex(var collection, var index) -> {
        return postings.drop(collection, index);
      }
      case Operation.ClearIndex(var collection, var index) -> {
        return postings.clear(collection, index);
      }
      case Operation.BuildIndex build -> postings.build(build, sequence);
      case Operation.Create(var name, var spec) -> create(name, spec);
      case Operation.Freeze(var collection) -> freeze(collection);
      case Operation.Replace replace -> replace(replace);
      case Operation.Checkpoint checkpoint -> checkpoint(checkpoint);
      case Operation.BeginLoad(var collection) -> {
        freeze(collection);
        collection.setLoading(true);
      }
      case Operation.GiveUpLoad(var collection) -> collection.setLoading(false);
      case Operation.Load(var collection, var rows) -> {
        touched.add(collection);
        load = new LoadCommit(collection, rows, sequence);
      }
      case Operation.LoadInMemory(var collection, var rows) -> {
        collection.setLoading(false);
        rows.forEach(this::upsert);
      }
      case Operation.Require _, Operation.Barrier() -> {}
    }
    return 0;
  }

  private void requireVersion(Operation.Require required) {
    int collection = required.collection().number();
    byte[] value = lookUp(Table.IDS, Table.key(collection, required.id()));
    long found = 0;
    if (value != null) {
      int rowNumber = ByteBuffer.wrap(value).getInt();
      byte[] record = lookUp(Table.ROWS, Table.key(collection, rowNumber));
      found = Versions.of(rowNumber, record == null ? 0 : RowRecord.revision(record));
    }
    if (found != required.version()) {
      throw new FirnException.Outdated(
          "the version of \"%s\" in \"%s\" must be %d but is %d: it was written meanwhile. Read it again and decide anew."
              .formatted(required.id(), required.collection().name(), required.version(), found));
    }
  }

  private void upsert(Operation.Upsert upsert) {
    CollectionState collection = upsert.collection();
    touched.add(collection);
    byte[] idKey = Table.key(collection.number(), upsert.id());
    forget(collection, idKey);
    if (collection.fresh().appendedRows() >= sealRows) {
      collection.freeze();
    }
    int rowNumber = collection.takeRowNumber();
    byte[] rowKey = Table.key(collection.number(), rowNumber);
    writes.put(Table.IDS, idKey, ByteBuffer.allocate(4).putInt(rowNumber).array());
    writes.put(Table.ROWS, rowKey, upsert.row());
    postings.enter(collection, rowNumber, upsert.row());
    writes.put(Table.FRESH, rowKey, upsert.vector());
    if (upsert.expiresAt() != null) {
      var expiry = new Expiry(upsert.expiresAt(), collection.number(), rowNumber);
      writes.put(Table.EXPIRY, expiry.key(), NOTHING);
    }
    collection.fresh().append(MemorySegment.ofArray(upsert.vector()));
    collection.countLive(1);
    appended.add(collection.fresh());
  }

  /** Ends the life of the row that an id stands for; false if there is none. */
  private boolean forget(CollectionState collection, byte[] idKey) {
    byte[] value = lookUp(Table.IDS, idKey);
    rememberId(idKey, value);
    if (value == null) {
      return false;
    }
    int rowNumber = ByteBuffer.wrap(value).getInt();
    writes.remove(Table.IDS, idKey);
    writes.put(Table.DEAD, Table.deadKey(sequence, collection.number(), rowNumber), NOTHING);
    died.add(new DeadRow(sequence, collection.number(), rowNumber));
    tombstones.add(collection.number(), rowNumber);
    collection.deletions().kill(rowNumber, sequence);
    collection.countLive(-1);
    return true;
  }

  private boolean expire(Expiry expiry) {
    writes.remove(Table.EXPIRY, expiry.key());
    return delete(collections.get(expiry.collection()), expiry.rowNumber(), Filter.all());
  }

  /** Deletes a row that is still alive under its number and passes. */
  private boolean delete(CollectionState collection, int rowNumber, Filter filter) {
    byte[] record = lookUp(Table.ROWS, Table.key(collection.number(), rowNumber));
    if (record == null) {
      return false;
    }
    RowRecord row = RowRecord.decode(record, new Fields(filter.fields()));
    byte[] idKey = Table.key(collection.number(), row.id());
    byte[] now = lookUp(Table.IDS, idKey);
    if (now == null
        || ByteBuffer.wrap(now).getInt() != rowNumber // dead: its record waits for burial
        || !filter.matches(row.metadata())) {
      return false;
    }
    touched.add(collection);
    return forget(collection, idKey);
  }

  private boolean describe(Operation.Describe describe) {
    CollectionState collection = describe.collection();
    byte[] value = lookUp(Table.IDS, Table.key(collection.number(), describe.id()));
    if (value == null) {
      return false;
    }
    touched.add(collection);
    int rowNumber = ByteBuffer.wrap(value).getInt();
    byte[] rowKey = Table.key(collection.number(), rowNumber);
    byte[] before = lookUp(Table.ROWS, rowKey);
    if (before == null) {
      return false; // damage, which verify names
    }
    if (writes.get(Table.ROWS, rowKey) == null) { // else it is of this group, no snapshot has it
      collection.revisions().replaced(rowNumber, sequence, before);
      revised.add(new RevisedRow(sequence, collection, rowNumber));
    }
    byte[] revised = RowRecord.revised(describe.row(), before);
    postings.leave(collection, rowNumber, before);
    writes.put(Table.ROWS, rowKey, revised);
    postings.enter(collection, rowNumber, revised);
    return true;
  }

  private void rememberId(byte[] idKey, byte @Nullable [] value) {
    if (idsBefore.get(Table.IDS, idKey) != null) {
      return; // changed by this group already
    }
    if (value == null) {
      idsBefore.remove(Table.IDS, idKey);
    } else {
      idsBefore.put(Table.IDS, idKey, value);
    }
  }

  private void create(String name, CollectionSpec spec) {
    CollectionState earlier = created.get(name);
    CollectionState existing = earlier == null ? collections.find(name) : earlier;
    if (existing != null) {
      Collections.requireSame(existing, spec);
      return;
    }
    var made = new CollectionState(collections.count() + created.size(), name, spec);
    created.put(name, made);
    touched.add(made);
    writes.put(Table.CATALOG, Collections.key(name), new StoredSpec(made.number(), spec).encode());
  }

  private void freeze(CollectionState collection) {
    if (collection.fresh().appendedRows() > 0) {
      collection.freeze();
      touched.add(collection);
    }
  }

  private void replace(Operation.Replace replace) {
    CollectionState collection = replace.collection();
    touched.add(collection);
    for (Segment old : replace.replaced()) {
      forgetFiles(collection, old, replace.replacement());
    }
    Segment replacement = replace.replacement();
    if (replacement != null && replacement.segmentId().isPresent()) {
      writes.put(
          Table.SEGMENTS,
          Table.key(collection.number(), replacement.segmentId().getAsLong()),
          new StoredSegment(replacement.size(), replace.fingerprint()).encode());
    }
    keepNumbers(replace);
    collection.replace(replace.replaced(), replace.replacement());
    gone.addAll(replace.replaced());
  }

  /** A number is not given twice: a reader may delete the old files when the database is closed. */
  private void keepNumbers(Operation.Replace replace) {
    byte[] stored = lookUp(Table.STATE, Table.SEGMENT_KEY);
    long last = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    for (Segment old : replace.replaced()) {
      last = Math.max(last, old.segmentId().orElse(0));
    }
    writes.put(Table.STATE, Table.SEGMENT_KEY, ByteBuffer.allocate(8).putLong(last).array());
  }

  private void forgetFiles(CollectionState collection, Segment old, @Nullable Segment replacement) {
    for (int ordinal = 0; ordinal < old.size(); ordinal++) {
      int rowNumber = old.rowNumber(ordinal);
      if (old instanceof FreshSegment) {
        writes.remove(Table.FRESH, Table.key(collection.number(), rowNumber));
      }
      boolean dead = !collection.deletions().alive(rowNumber, sequence);
      if (dead && (replacement == null || replacement.ordinalOf(rowNumber) < 0)) {
        tombstones.remove(collection.number(), rowNumber);
      }
    }
    old.segmentId()
        .ifPresent(id -> writes.remove(Table.SEGMENTS, Table.key(collection.number(), id)));
  }

  private void checkpoint(Operation.Checkpoint checkpoint) {
    CollectionState collection = checkpoint.collection();
    if (collection.fresh() == checkpoint.fresh()) { // else it was frozen meanwhile: of no use
      checkpoint.fresh().checkpointed(checkpoint.segmentId(), checkpoint.rows());
      touched.add(collection);
    }
  }

  /** Removes the records of rows that no reader can ask for any more. */
  void bury(DeadRow row) {
    CollectionState collection = collections.get(row.collection());
    if (!collection.indexes().isEmpty()) {
      byte[] record = lookUp(Table.ROWS, Table.key(row.collection(), row.rowNumber()));
      if (record != null) {
        postings.leave(collection, row.rowNumber(), record);
      }
    }
    writes.remove(Table.ROWS, Table.key(row.collection(), row.rowNumber()));
    writes.remove(Table.DEAD, Table.deadKey(row.sequence(), row.collection(), row.rowNumber()));
  }

  /** What is to be committed, complete once all batches are applied. */
  WriteSet writes() {
    if (!touched.isEmpty() || !writes.isEmpty()) {
      tombstones.flush();
      writes.put(Table.STATE, Table.SEQUENCE_KEY, ByteBuffer.allocate(8).putLong(sequence).array());
      for (CollectionState collection : touched) {
        writes.put(Table.STATE, Table.key(collection.number()), collection.stored().encode());
      }
    }
    return writes;
  }

  /** What the ids that this group changes stood for before it. */
  WriteSet idsBefore() {
    return idsBefore;
  }

  private byte @Nullable [] lookUp(Table table, byte[] key) {
    byte[] value = writes.get(table, key);
    if (value == null) {
      return tables.get(table, key);
    }
    return WriteSet.isRemoval(value) ? null : value;
  }

  /** The load that this group commits, or null. */
  @Nullable LoadCommit load() {
    return load;
  }

  /** Brings memory to the state of the tables where that had to wait for the commit. */
  void committed() {
    postings.committed();
    if (load != null) {
      gone.add(load.apply(died));
    }
  }

  /** Collections to be listed once they are committed. */
  Iterable<CollectionState> created() {
    return created.values();
  }

  Set<CollectionState> touched() {
    return touched;
  }

  Set<FreshSegment> appended() {
    return appended;
  }

  List<Segment> gone() {
    return gone;
  }

  List<DeadRow> died() {
    return died;
  }

  List<RevisedRow> revised() {
    return revised;
  }

  long sequence() {
    return sequence;
  }
}
