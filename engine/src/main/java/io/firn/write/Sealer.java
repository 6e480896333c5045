package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import io.firn.Progress;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.NodeRecordBuilder;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows in memory into immutable segments: writes the files, has the manifest swapped by the
 * writer, and leaves the old segment to the last reader. The indexer seals and rewrites, the merger
 * merges; a database in memory has no files and keeps its segments as they are.
 */
final class Sealer {

  /** A graph of fewer rows is built again faster than it is worth a file. */
  private static final int MIN_CHECKPOINT_ROWS = 1_000;

  private static final int PROGRESS_ROWS = 128;

  /** Whoever asked for a rewrite waits for it. */
  private static final int ALL_THREADS = Runtime.getRuntime().availableProcessors();

  /** Nobody waits for a seal, and searches go on beside it. */
  private static final int SEAL_THREADS = Math.max(1, ALL_THREADS / 2);

  private static final int MERGE_THREADS = 1;

  private final Snapshots snapshots;
  private final WriteQueue queue;
  private final TableStore tables;
  private final @Nullable SegmentFiles files;
  private final long memoryBytes;

  /** Held while sealed segments are read to be replaced; fair, so that who waits comes first. */
  private final ReentrantLock rewriting = new ReentrantLock(true);

  private volatile boolean awaited;

  /**
   * Seals and merges segments of one database.
   *
   * @param files null in memory
   * @param memoryBytes that building a segment of several may take
   */
  Sealer(
      Snapshots snapshots,
      WriteQueue queue,
      TableStore tables,
      @Nullable SegmentFiles files,
      long memoryBytes) {
    this.snapshots = snapshots;
    this.memoryBytes = memoryBytes;
    this.tables = tables;
    this.queue = queue;
    this.files = files;
  }

  /** Seals the segments of a collection that are closed for writing. */
  void sealFrozen(CollectionState collection, BooleanSupplier stop) {
    if (files == null) {
      return;
    }
    try (Snapshot snapshot = snapshots.pin()) {
      for (SegmentView seen : settled(snapshot, collection)) {
        if (seen.segment() instanceof FreshSegment) {
          CollectionView view = viewOf(snapshot, collection);
          seal(
              files, collection, new LiveRows(view, List.of(seen)), SEAL_THREADS, _ -> check(stop));
        }
      }
    }
  }

  /**
   * Merges those segments of a collection that the plan names first; false if it names none. Rows
   * that die meanwhile are in the new segment and stay dead: their tombstones know them by number.
   *
   * @param rest taken between steps, as long as merges keep up
   * @throws FirnException.Closed if it was given up: for {@code stop}, or because somebody waits
   *     for {@link #optimize}
   */
  boolean mergeNext(CollectionState collection, BooleanSupplier stop, Merger.Rest rest) {
    if (files == null) {
      return false;
    }
    rewriting.lock();
    try {
      CollectionView view;
      List<SegmentView> run;
      Snapshots.Keeping keeping;
      try (Snapshot snapshot = snapshots.pin()) {
        view = snapshot.collection(collection.number());
        run = view == null ? List.of() : MergePlan.next(view, mostRows(collection));
        if (view == null || run.isEmpty()) {
          return false;
        }
        keeping = snapshots.keep(run.stream().map(SegmentView::segment).toList());
      }
      boolean behind = MergePlan.behind(view);
      try (keeping) {
        IntConsumer progress =
            _ -> {
              rest.take(!behind);
              check(() -> awaited || stop.getAsBoolean());
            };
        seal(files, collection, new LiveRows(view, run), MERGE_THREADS, progress);
      }
      return true;
    } finally {
      rewriting.unlock();
    }
  }

  private int mostRows(CollectionState collection) {
    return NodeRecordBuilder.maxRows(collection.spec(), MERGE_THREADS, memoryBytes);
  }

  /** True while somebody waits for a rewrite of everything. */
  boolean isAwaited() {
    return awaited;
  }

  /** Puts one sealed segment in the place of others. */
  private void seal(
      SegmentFiles files,
      CollectionState collection,
      LiveRows rows,
      int threads,
      IntConsumer progress) {
    SealedSegment sealed = null;
    try {
      if (rows.count() > 0) {
        var ids = new KnownIds(tables, collection, rows.view());
        sealed = files.seal(collection.spec(), rows, ids, threads, progress);
      }
    } catch (IOException e) {
      throw Failures.of(e);
    }
    replace(collection, rows.segments().stream().map(SegmentView::segment).toList(), sealed);
    rows.segments().forEach(this::deleteCheckpointOf);
  }

  private static CollectionView viewOf(Snapshot snapshot, CollectionState collection) {
    CollectionView view = snapshot.collection(collection.number());
    if (view == null) {
      throw new IllegalStateException("a collection with segments has a view");
    }
    return view;
  }

  private static void check(BooleanSupplier stop) {
    if (stop.getAsBoolean()) {
      throw new FirnException.Closed(
          "rewriting rows must end before close but did not: nothing was changed. Open the database and optimize again.");
    }
  }

  /** The segments of a collection but the last, which takes new rows. */
  private static List<SegmentView> settled(Snapshot snapshot, CollectionState collection) {
    CollectionView view = snapshot.collection(collection.number());
    return view == null ? List.of() : MergePlan.settled(view);
  }

  private void replace(
      CollectionState collection, List<Segment> replaced, @Nullable Segment replacement) {
    long fingerprint = replacement instanceof SealedSegment sealed ? sealed.vectorFingerprint() : 0;
    try {
      queue.execute(
          List.of(new Operation.Replace(collection, replaced, replacement, fingerprint)),
          Durability.FULL);
    } catch (RuntimeException e) {
      if (replacement != null) {
        replacement.release(); // nobody sees it; files stay, as the commit may be on the disk
      }
      throw e;
    }
  }

  /** Writes down how far the graph of the rows in memory has come. */
  void checkpoint(CollectionState collection) {
    if (files == null) {
      return;
    }
    FreshSegment fresh = freshOf(collection);
    int rows = fresh.graph().size();
    if (rows < MIN_CHECKPOINT_ROWS || rows == fresh.checkpointRows()) {
      return;
    }
    try {
      long before = fresh.checkpointId();
      long id = files.checkpoint(fresh);
      queue.execute(
          List.of(new Operation.Checkpoint(collection, fresh, rows, id)), Durability.FULL);
      deleteCheckpoint(before);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private FreshSegment freshOf(CollectionState collection) {
    try (Snapshot snapshot = snapshots.pin()) {
      CollectionView view = snapshot.collection(collection.number());
      if (view != null && view.segments().getLast().segment() instanceof FreshSegment fresh) {
        return fresh; // stays open: only this thread has it replaced
      }
    }
    throw new IllegalStateException("a collection ends with its fresh segment");
  }

  private void deleteCheckpoint(long id) {
    if (id == 0 || files == null) {
      return;
    }
    try {
      files.deleteCheckpoint(id);
    } catch (IOException e) {
      System.getLogger(Sealer.class.getName())
          .log(System.Logger.Level.WARNING, "an old checkpoint stays until the next open", e);
    }
  }

  /** Rewrites all live rows of a collection into one segment with a fresh graph. */
  void optimize(CollectionState collection, Progress progress, BooleanSupplier stop) {
    awaited = true;
    rewriting.lock();
    try {
      awaited = false;
      rewrite(collection, progress, stop);
    } finally {
      rewriting.unlock();
    }
  }

  private void rewrite(CollectionState collection, Progress progress, BooleanSupplier stop) {
    queue.execute(List.of(new Operation.Freeze(collection)), Durability.FULL);
    try (Snapshot snapshot = snapshots.pin()) {
      CollectionView view = snapshot.collection(collection.number());
      List<SegmentView> old = settled(snapshot, collection);
      if (view == null || old.isEmpty() || alreadyOne(view, old)) {
        return;
      }
      var rows = new LiveRows(view, old);
      if (files != null) {
        long total = view.liveRows();
        seal(files, collection, rows, ALL_THREADS, done -> tell(progress, done, total, stop));
        progress.at(total, total);
      } else if (old.size() == 1
          && old.getFirst().segment() instanceof FreshSegment fresh
          && view.allAlive(old.getFirst())) {
        link(fresh, progress, stop); // nothing to drop: its graph is the one that would be built
      } else {
        FreshSegment built = finish(copy(collection, rows), progress, stop);
        replace(collection, old.stream().map(SegmentView::segment).toList(), built);
      }
    }
  }

  private static void tell(Progress progress, long done, long total, BooleanSupplier stop) {
    check(stop);
    progress.at(Math.min(done, total), total);
  }

  /** Links all rows; null if there are none. Frees them if that fails. */
  private static @Nullable FreshSegment finish(
      FreshSegment built, Progress progress, BooleanSupplier stop) {
    boolean kept = false;
    try {
      link(built, progress, stop);
      kept = built.size() > 0;
      return kept ? built : null;
    } finally {
      if (!kept) {
        built.release();
      }
    }
  }

  private void deleteCheckpointOf(SegmentView old) {
    if (old.segment() instanceof FreshSegment fresh) {
      deleteCheckpoint(fresh.checkpointId());
    }
  }

  /** True if there is nothing to gain: one segment, final in form, all alive. */
  private boolean alreadyOne(CollectionView view, List<SegmentView> old) {
    return old.size() == 1
        && (files == null || old.getFirst().segment() instanceof SealedSegment)
        && view.allAlive(old.getFirst())
        && old.getFirst().segment().linked() == old.getFirst().rowCount();
  }

  private static FreshSegment copy(CollectionState collection, LiveRows rows) {
    var rowNumbers = new IntArrayList();
    long bytes = (long) collection.spec().dimension() * Float.BYTES;
    try {
      rows.forEach((_, _, rowNumber) -> rowNumbers.addInt(rowNumber));
      var built = new FreshSegment(collection.spec(), rowNumbers.toIntArray());
      rows.forEach((held, ordinal, _) ->
          built.append(held.memory(ordinal).asSlice(held.offset(ordinal), bytes)));
      built.publish();
      return built;
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private static void link(FreshSegment built, Progress progress, BooleanSupplier stop) {
    int linked = built.graph().size(); // the indexer may have begun
    while (built.linkNext()) {
      if (++linked % PROGRESS_ROWS == 0) {
        progress.at(linked, built.size());
      }
      check(stop);
    }
    progress.at(linked, built.size());
  }
}
