package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import io.firn.Progress;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.Rows;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.SegmentView;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Turns rows in memory into immutable segments: writes the files, has the manifest swapped by the
 * writer, and leaves the old segment to the last reader. Indexer thread only; a database in memory
 * has no files and keeps its segments as they are.
 */
final class Sealer {

  /** A graph of fewer rows is built again faster than it is worth a file. */
  private static final int MIN_CHECKPOINT_ROWS = 1_000;

  private static final int PROGRESS_ROWS = 128;

  private final Snapshots snapshots;
  private final WriteQueue queue;
  private final @Nullable SegmentFiles files;

  Sealer(Snapshots snapshots, WriteQueue queue, @Nullable SegmentFiles files) {
    this.snapshots = snapshots;
    this.queue = queue;
    this.files = files;
  }

  /** Seals the segments of a collection that are closed for writing and completely linked. */
  void sealFrozen(CollectionState collection) {
    if (files == null) {
      return;
    }
    try (Snapshot snapshot = snapshots.pin()) {
      for (SegmentView seen : settled(snapshot, collection)) {
        if (seen.segment() instanceof FreshSegment frozen && frozen.unlinked() == 0) {
          replace(collection, List.of(frozen), seal(collection, frozen));
          deleteCheckpoint(frozen.checkpointId());
        }
      }
    }
  }

  /** The segments of a collection but the last, which takes new rows. */
  private static List<SegmentView> settled(Snapshot snapshot, CollectionState collection) {
    CollectionView view = snapshot.collection(collection.number());
    return view == null ? List.of() : view.segments().subList(0, view.segments().size() - 1);
  }

  private Segment seal(CollectionState collection, FreshSegment segment) {
    if (files == null) {
      return segment;
    }
    try {
      return files.seal(collection.spec(), segment);
    } catch (IOException e) {
      throw Failures.of(e);
    }
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
    queue.execute(List.of(new Operation.Freeze(collection)), Durability.FULL);
    try (Snapshot snapshot = snapshots.pin()) {
      CollectionView view = snapshot.collection(collection.number());
      List<SegmentView> old = settled(snapshot, collection);
      if (view == null || old.isEmpty() || alreadyOne(view, old)) {
        return;
      }
      if (old.size() == 1
          && old.getFirst().segment() instanceof FreshSegment fresh
          && view.allAlive(old.getFirst())) {
        link(fresh, progress, stop); // nothing to drop: its graph is the one that would be built
        sealFrozen(collection);
        return;
      }
      FreshSegment built = copyLive(collection, view, old);
      Segment replacement = finish(collection, built, progress, stop);
      replace(collection, old.stream().map(SegmentView::segment).toList(), replacement);
      old.forEach(this::deleteCheckpointOf);
    }
  }

  /**
   * The form in which the rows are to stay; owns what {@code built} owned. Null if there are none.
   */
  private @Nullable Segment finish(
      CollectionState collection, FreshSegment built, Progress progress, BooleanSupplier stop) {
    Segment finished = null;
    try {
      link(built, progress, stop);
      finished = built.size() == 0 ? null : seal(collection, built);
      return finished;
    } finally {
      if (!built.equals(finished)) { // its rows are in files now, or it failed, or there are none
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
        && old.getFirst().segment().graph().size() == old.getFirst().rowCount();
  }

  private static FreshSegment copyLive(
      CollectionState collection, CollectionView view, List<SegmentView> old) {
    var rowNumbers = new IntArrayList();
    old.forEach(seen -> forEachLive(view, seen, (_, rowNumber) -> rowNumbers.addInt(rowNumber)));
    var built = new FreshSegment(collection.spec(), rowNumbers.toIntArray());
    long bytes = (long) collection.spec().dimension() * Float.BYTES;
    for (SegmentView seen : old) {
      Rows rows = seen.segment().rows();
      forEachLive(
          view,
          seen,
          (ordinal, _) -> built.append(rows.memory(ordinal).asSlice(rows.offset(ordinal), bytes)));
    }
    built.publish();
    return built;
  }

  private interface LiveRow {
    void at(int ordinal, int rowNumber);
  }

  private static void forEachLive(CollectionView view, SegmentView seen, LiveRow live) {
    for (int ordinal = 0; ordinal < seen.rowCount(); ordinal++) {
      int rowNumber = seen.segment().rowNumber(ordinal);
      if (view.alive(rowNumber)) {
        live.at(ordinal, rowNumber);
      }
    }
  }

  private static void link(FreshSegment built, Progress progress, BooleanSupplier stop) {
    int linked = built.graph().size(); // the indexer may have begun
    while (built.linkNext()) {
      if (++linked % PROGRESS_ROWS == 0) {
        progress.at(linked, built.size());
      }
      if (stop.getAsBoolean()) {
        throw new FirnException.Closed(
            "optimize must end before close but did not: nothing was changed. Open the database and call it again.");
      }
    }
    progress.at(linked, built.size());
  }
}
