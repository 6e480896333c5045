package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.Durability;
import io.firn.Explanation.SegmentPlan;
import io.firn.FirnException;
import io.firn.Options;
import io.firn.Plan;
import io.firn.Progress;
import io.firn.RecoveryReport;
import io.firn.search.Allowed;
import io.firn.search.CollectionView;
import io.firn.search.Effort;
import io.firn.search.FreshSegment;
import io.firn.search.Searcher;
import io.firn.search.SearcherPool;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import io.firn.simd.Kernels;
import io.firn.store.DatabaseDirectory;
import io.firn.tier.Tiers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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
  private final IndexBuild indexBuild;
  private final RecallChecks recallChecks;
  private final Sealer sealer;
  private final Loads loads;
  private final Merger merger;
  private final SearcherPool searchers = new SearcherPool();
  private final RowReads rows;
  private final Backups backups;
  private final Tiers tiers;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * What an opened directory, or none, provides.
   *
   * @param directory null in memory
   * @param files null in memory
   * @param sequence of the last commit
   * @param dead rows whose records wait to be removed
   * @param readOnly whether nothing is ever written
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
      RecoveryReport recovery,
      boolean readOnly) {}

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
    this.queue = new WriteQueue(writer, parts.readOnly());
    this.rows = new RowReads(parts.tables(), parts.snapshots(), queue);
    this.backups = new Backups(parts.directory(), parts.tables(), queue);
    long memoryBytes = parts.options().memoryBytes();
    this.sealer = new Sealer(parts.snapshots(), queue, parts.tables(), parts.files(), memoryBytes);
    Durability durability = parts.options().durability();
    var expiry = new ExpirySweep(parts.tables(), queue, durability);
    this.merger = new Merger(sealer);
    this.indexer = new Indexer(parts.snapshots(), sealer, expiry);
    this.indexBuild = new IndexBuild(queue, indexer, durability);
    this.recallChecks = new RecallChecks(parts.snapshots(), searchers, indexer);
    this.loads = new Loads(queue, indexer, parts.files(), memoryBytes);
    this.tiers = new Tiers(parts.snapshots(), memoryBytes, !parts.readOnly());
    Kernels.startCheck(); // once in a process, in the background
    if (parts.directory() != null) {
      tiers.start();
    }
    if (!parts.readOnly()) {
      queue.start();
      indexer.start();
      merger.start();
      parts.collections().all().forEach(this::touched);
      parts.collections().all().forEach(indexBuild::finishLater);
    }
  }

  private void touched(CollectionState collection) {
    indexer.touch(collection);
    merger.touch(collection);
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
   * @return how many rows the deletes and updates among them found
   */
  public int write(List<Operation> operations, Durability durability) {
    if (operations.isEmpty()) {
      requireOpen();
      return 0;
    }
    queue.requireWritable();
    while (indexer.works() && unlinkedRows() > MAX_UNLINKED_ROWS) {
      LockSupport.parkNanos(this, FULL_PAUSE_NANOS);
    }
    return queue.execute(operations, durability);
  }

  private long unlinkedRows() {
    long unlinked = 0;
    try (Snapshot snapshot = parts.snapshots().pin()) {
      for (CollectionState collection : indexer.behind()) {
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

  /**
   * Searches some of the rows of a view; the caller has pinned its snapshot.
   *
   * @param allowed which rows
   * @param forced the plan to begin with, or null
   * @param plans told how each segment was searched, or null
   */
  public Searcher.Found search(
      CollectionView view,
      float[] query,
      int k,
      Effort effort,
      Allowed allowed,
      @Nullable Plan forced,
      @Nullable Consumer<List<SegmentPlan>> plans) {
    return searchers.search(searcher -> {
      var found = searcher.filtered().search(view, query, k, effort, allowed, forced);
      if (plans != null) {
        plans.accept(searcher.filtered().plans());
      }
      return found;
    });
  }

  /** Declares an index of fields and returns when it is built; does nothing if it is already. */
  public void index(CollectionState collection, List<String> fields) {
    indexBuild.declare(collection, fields);
  }

  /** Gives an index of fields up; false if there is none. */
  public boolean dropIndex(CollectionState collection, List<String> fields) {
    return indexBuild.drop(collection, fields);
  }

  /** The same without a limit. */
  public Searcher.Found search(
      CollectionView view, float[] query, int k, Effort effort, Consumer<List<SegmentPlan>> plans) {
    return searchers.search(searcher -> searcher.search(view, query, k, effort, plans));
  }

  /** Searches a view whose snapshot the caller has pinned. */
  public Searcher.Found search(CollectionView view, float[] query, int k, Effort effort) {
    return searchers.search(searcher -> searcher.search(view, query, k, effort));
  }

  /** Candidates that find a share of the nearest {@code k} rows, as far as is known. */
  public int efFor(CollectionState collection, float[] query, int k, double recall) {
    return recallChecks.ef(collection, query, k, recall);
  }

  /** Commits and links everything written before, and checkpoints the graphs. */
  public void flush() {
    queue.execute(List.of(new Operation.Barrier()), Durability.FULL);
    indexer.flush(parts.collections().all());
  }

  /** Rewrites a collection into one segment. */
  public void optimize(CollectionState collection, Progress progress) {
    queue.requireWritable();
    indexer.optimize(collection, progress);
  }

  /** Begins a load of many rows. */
  public Load load(CollectionState collection) {
    return loads.begin(collection);
  }

  /** Stops merges in the background, or lets them go on. */
  public void pauseMerges(boolean now) {
    merger.pause(now);
  }

  /** Returns when nothing that is sealed is left to merge, or merges are paused. */
  public void awaitMerges() {
    requireOpen();
    merger.await();
  }

  /** Merges since the database was opened. */
  public long merges() {
    return merger.merges();
  }

  /** Where segments lie. */
  public Tiers tiers() {
    return tiers;
  }

  /** Reads of single rows. */
  public RowReads rows() {
    return rows;
  }

  /** Copies of the database. */
  public Backups backups() {
    return backups;
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

  /** True if it was opened for reading, perhaps beside a writer. */
  public boolean readOnly() {
    return parts.readOnly();
  }

  /** False after a failed commit, and if it was opened for reading. */
  public boolean writable() {
    return queue.writable();
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
    WriteQueue.joinUninterruptibly(tiers.end());
    if (!parts.readOnly()) {
      loads.close();
      merger.close();
      indexer.close();
      checkpointAll();
      queue.close();
    }
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
