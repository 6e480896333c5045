package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.Durability;
import io.firn.FirnException;
import io.firn.Options;
import io.firn.Progress;
import io.firn.RecoveryReport;
import io.firn.hnsw.CorruptGraphException;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.Searcher;
import io.firn.search.SearcherPool;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import io.firn.simd.Kernels;
import io.firn.store.DatabaseDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An open database below its API: the parts, and the order in which they start, work together and
 * end. Thread-safe.
 */
public final class Engine implements AutoCloseable {

  /** Rows that may wait for their links before writers are slowed down: each costs every search. */
  private static final int MAX_UNLINKED_ROWS = 50_000;

  private static final long FULL_PAUSE_NANOS = 1_000_000;
  private static final long PUBLISH_PAUSE_NANOS = 100_000;

  private final Parts parts;
  private final WriteQueue queue;
  private final Indexer indexer;
  private final Sealer sealer;
  private final SearcherPool searchers = new SearcherPool();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What an opened directory, or none, provides.
   *
   * @param directory null in memory
   * @param files null in memory
   * @param sequence of the last commit
   * @param dead rows whose records wait to be removed
   */
  public record Parts(
      Options options,
      @Nullable DatabaseDirectory directory,
      @Nullable SegmentFiles files,
      TableStore tables,
      Collections collections,
      Snapshots snapshots,
      long sequence,
      List<DeadRow> dead,
      RecoveryReport recovery) {}

  /** A row as {@link #get} finds it. */
  public record StoredRow(RowRecord record, float[] vector) {}

  /** Takes over the parts and starts the threads. */
  public Engine(Parts parts) {
    this.parts = parts;
    var writer =
        new Writer(
            parts.collections(),
            parts.tables(),
            parts.snapshots(),
            parts.options().sealRows(),
            parts.sequence(),
            parts.dead(),
            this::touched);
    this.queue = new WriteQueue(writer);
    this.sealer = new Sealer(parts.snapshots(), queue, parts.files());
    this.indexer = new Indexer(parts.snapshots(), sealer);
    Kernels.startCheck(); // once in a process, in the background
    queue.start();
    indexer.start();
    parts.collections().all().forEach(indexer::touch);
  }

  private void touched(CollectionState collection) {
    indexer.touch(collection);
  }

  /** Creates a collection, or checks that it has this spec. */
  public CollectionState create(String name, CollectionSpec spec) {
    Collections.requireName(name);
    CollectionState existing = parts.collections().find(name);
    if (existing != null) {
      Collections.requireSame(existing, spec);
      awaitPublished(existing);
      return existing;
    }
    queue.execute(List.of(new Operation.Create(name, spec)), Durability.FULL);
    return find(name);
  }

  /** Waits out the moment in which another thread's new collection has no snapshot yet. */
  private void awaitPublished(CollectionState collection) {
    while (true) {
      try (Snapshot snapshot = parts.snapshots().pin()) {
        if (snapshot.collection(collection.number()) != null) {
          return;
        }
      }
      queue.requireWritable(); // its creation may have failed
      LockSupport.parkNanos(this, PUBLISH_PAUSE_NANOS);
    }
  }

  /** The collection of a name. */
  public CollectionState find(String name) {
    requireOpen();
    CollectionState found = parts.collections().find(name);
    if (found == null) {
      throw new FirnException.NotFound(
          "collection \"%s\" must exist but there are only %s. Check the name, or create it with a spec."
              .formatted(name, parts.collections().names()));
    }
    awaitPublished(found);
    return found;
  }

  private void requireOpen() {
    parts.snapshots().pin().close(); // throws if closed
  }

  /** Applies operations together, with the database's durability. */
  public int write(List<Operation> operations) {
    return write(operations, parts.options().durability());
  }

  /**
   * Applies operations together; returns when they are visible and as durable as asked.
   *
   * @return how many rows the deletes among them found
   */
  public int write(List<Operation> operations, Durability durability) {
    if (operations.isEmpty()) {
      requireOpen();
      return 0;
    }
    while (indexer.works() && unlinkedRows() > MAX_UNLINKED_ROWS) {
      LockSupport.parkNanos(this, FULL_PAUSE_NANOS);
    }
    return queue.execute(operations, durability);
  }

  private long unlinkedRows() {
    long unlinked = 0;
    try (Snapshot snapshot = parts.snapshots().pin()) {
      for (CollectionState collection : parts.collections().all()) {
        CollectionView view = snapshot.collection(collection.number());
        if (view != null) {
          for (SegmentView seen : view.segments()) {
            unlinked += seen.segment() instanceof FreshSegment fresh ? fresh.unlinked() : 0;
          }
        }
      }
    }
    return unlinked;
  }

  /** The row of an id, as of now. */
  public Optional<StoredRow> get(CollectionState collection, RowId id) {
    while (true) {
      try (Snapshot snapshot = parts.snapshots().pin()) {
        int rowNumber = rowNumber(collection, id);
        if (rowNumber < 0) {
          return Optional.empty();
        }
        CollectionView view = snapshot.collection(collection.number());
        if (view != null && rowNumber < view.nextRowNumber()) {
          RowRecord record = records(collection.number(), new int[] {rowNumber}, true).getFirst();
          return Optional.of(new StoredRow(record, view.vector(rowNumber)));
        }
      }
      Thread.onSpinWait(); // committed but not published yet: a matter of microseconds
    }
  }

  /** The row number that an id stands for now, or -1. */
  public int rowNumber(CollectionState collection, RowId id) {
    byte[] found = parts.tables().get(Table.IDS, Table.key(collection.number(), id));
    return found == null ? -1 : ByteBuffer.wrap(found).getInt();
  }

  /** True if the fresh rows table has exactly this vector for a row. */
  public boolean storesVector(CollectionState collection, int rowNumber, float[] vector) {
    byte[] stored = parts.tables().get(Table.FRESH, Table.key(collection.number(), rowNumber));
    return stored != null && Arrays.equals(stored, VectorBytes.encode(vector));
  }

  /** The records of rows that are alive in a snapshot the caller has pinned. */
  public List<RowRecord> records(int collection, int[] rowNumbers, boolean withMetadata) {
    if (rowNumbers.length == 0) {
      return List.of();
    }
    return parts
        .tables()
        .read(reader -> {
          var records = new ArrayList<RowRecord>(rowNumbers.length);
          for (int rowNumber : rowNumbers) {
            byte[] value = reader.get(Table.ROWS, Table.key(collection, rowNumber));
            if (value == null) {
              throw missing(collection, rowNumber);
            }
            records.add(RowRecord.decode(value, withMetadata));
          }
          return records;
        });
  }

  private FirnException missing(int collection, int rowNumber) {
    requireOpen();
    return new FirnException.Corrupt(
        "row %d of collection number %d must have a record but has none: its segment and the rows table disagree. Run verify, and restore a backup."
            .formatted(rowNumber, collection),
        null);
  }

  /** Searches a view whose snapshot the caller has pinned. */
  public Searcher.Found search(CollectionView view, float[] query, int k, int ef) {
    Searcher searcher = searchers.take();
    try {
      Searcher.Found found = searcher.search(view, query, k, ef);
      searchers.give(searcher); // not after an exception: its scratch may be in any state
      return found;
    } catch (CorruptGraphException e) {
      throw new FirnException.Corrupt(
          "a graph of this collection must be what Firn wrote but is not: %s. Run verify, which names the file; close the database and delete that file, the next open builds it again."
              .formatted(e.getMessage()),
          e);
    }
  }

  /** Commits and links everything written before, and checkpoints the graphs. */
  public void flush() {
    queue.execute(List.of(new Operation.Barrier()), Durability.FULL);
    indexer.flush(parts.collections().all());
  }

  /** Rewrites a collection into one segment. */
  public void optimize(CollectionState collection, Progress progress) {
    indexer.optimize(collection, progress);
  }

  public Options options() {
    return parts.options();
  }

  public Snapshots snapshots() {
    return parts.snapshots();
  }

  public Collections collections() {
    return parts.collections();
  }

  public TableStore tables() {
    return parts.tables();
  }

  public RecoveryReport recovery() {
    return parts.recovery();
  }

  public @Nullable DatabaseDirectory directory() {
    return parts.directory();
  }

  /** Sequence number of the last commit. */
  public long sequence() {
    try (Snapshot snapshot = parts.snapshots().pin()) {
      return snapshot.sequence();
    }
  }

  /** As {@link #sequence}, once everything that the tables show now is published too. */
  public long settledSequence() {
    byte[] stored = parts.tables().get(Table.STATE, Table.SEQUENCE_KEY);
    long committed = stored == null ? 0 : ByteBuffer.wrap(stored).getLong();
    while (sequence() < committed && writable()) {
      LockSupport.parkNanos(this, PUBLISH_PAUSE_NANOS);
    }
    return sequence();
  }

  /** False after a failed commit. */
  public boolean writable() {
    return queue.failure() == null;
  }

  public long lmdbBytes() {
    return parts.tables().lmdbBytes();
  }

  /**
   * Ends the threads, commits what waits, checkpoints the graphs, lets go of files and lock. Memory
   * that a reader still holds is freed when that reader leaves. Idempotent.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    indexer.close();
    checkpointAll();
    queue.close();
    parts.tables().close();
    parts.snapshots().close();
    DatabaseDirectory directory = parts.directory();
    if (directory != null) {
      try {
        directory.close();
      } catch (IOException e) {
        throw Failures.of(e);
      }
    }
  }

  /** A checkpoint only saves time, so a failure to write one must not keep the database open. */
  private void checkpointAll() {
    try {
      parts.collections().all().forEach(sealer::checkpoint);
    } catch (FirnException e) {
      System.getLogger(Engine.class.getName())
          .log(System.Logger.Level.WARNING, "the graph will be built again at the next open", e);
    }
  }
}
