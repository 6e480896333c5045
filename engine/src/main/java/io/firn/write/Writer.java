package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import io.firn.search.CollectionView;
import io.firn.search.FreshSegment;
import io.firn.search.Segment;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes a database: applies what callers sent as one group, commits the group, publishes the
 * snapshot that shows it. Writer thread only; {@link WriteQueue} brings the batches.
 */
final class Writer {

  private static final int BURIED_PER_GROUP = 65_536;

  private final ArrayDeque<DeadRow> dead;
  private final ArrayDeque<RevisedRow> revised = new ArrayDeque<>();
  private final Collections collections;
  private final TableStore tables;
  private final Snapshots snapshots;
  private final int sealRows;
  private final Consumer<CollectionState> whenTouched;
  private long sequence;

  Writer(
      Collections collections,
      TableStore tables,
      Snapshots snapshots,
      int sealRows,
      long sequence,
      List<DeadRow> dead,
      Consumer<CollectionState> whenTouched) {
    this.collections = collections;
    this.tables = tables;
    this.snapshots = snapshots;
    this.sealRows = sealRows;
    this.sequence = sequence;
    this.dead = new ArrayDeque<>(dead);
    this.whenTouched = whenTouched;
  }

  private record Accepted(Batch batch, int found) {}

  /**
   * Applies, commits, publishes and answers batches, in order. A batch that is refused is answered
   * so and changes nothing.
   *
   * @param commit whether all of it, and all that waits, must be on disk before it is answered
   * @throws IOException if the commit failed: then nothing was published or answered
   */
  void process(List<Batch> batches, boolean commit) throws IOException {
    var group = new Group(sequence + 1, collections, tables, sealRows);
    var accepted = new ArrayList<Accepted>(batches.size());
    for (Batch batch : batches) {
      try {
        accepted.add(new Accepted(batch, group.apply(batch)));
      } catch (FirnException.Conflict
          | FirnException.Outdated refused) { // anything else may have left half a batch
        batch.done().completeExceptionally(refused);
      }
    }
    bury(group);
    WriteSet writes = group.writes();
    @Nullable LoadCommit load = group.load();
    try {
      if (load == null) {
        tables.apply(writes, commit);
      } else {
        tables.apply(writes, load::put);
      }
    } catch (Throwable e) {
      tables.hide(group.idsBefore());
      if (load != null) {
        load.hide(tables);
      }
      throw e;
    }
    group.committed();
    if (!writes.isEmpty()) {
      publish(group);
    }
    accepted.forEach(done -> done.batch().done().complete(done.found()));
  }

  private void bury(Group group) {
    long oldest = snapshots.oldestSequence();
    while (!revised.isEmpty() && revised.getFirst().sequence() <= oldest) {
      RevisedRow row = revised.removeFirst();
      row.collection().revisions().forget(row.rowNumber(), oldest);
    }
    for (int i = 0; i < BURIED_PER_GROUP && !dead.isEmpty(); i++) {
      if (dead.getFirst().sequence() > oldest) {
        return; // a snapshot from before this death may still ask for the row's record
      }
      group.bury(dead.removeFirst());
    }
  }

  private void publish(Group group) {
    group.created().forEach(collections::put);
    group.appended().forEach(FreshSegment::publish);
    var views = new ArrayList<@Nullable CollectionView>();
    try (Snapshot before = snapshots.pin()) {
      for (int number = 0; number < collections.count(); number++) {
        views.add(before.collection(number));
      }
    }
    for (CollectionState collection : group.touched()) {
      views.set(collection.number(), collection.view(group.sequence()));
    }
    group.gone().forEach(Segment::supersede); // its successor is committed
    snapshots.publish(group.sequence(), views, group.gone());
    sequence = group.sequence();
    dead.addAll(group.died());
    revised.addAll(group.revised());
    group.touched().forEach(whenTouched);
  }

  /** Commits what waits for its interval. */
  void commitWaiting() throws IOException {
    tables.apply(new WriteSet(), true);
  }

  /** The interval of a write that asked for no other. */
  static boolean asksForCommit(List<Batch> batches) {
    return batches.stream().map(Batch::durability).anyMatch(Durability::isFull);
  }
}
