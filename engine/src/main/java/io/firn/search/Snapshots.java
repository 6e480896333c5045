package io.firn.search;

import io.firn.FirnException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The current snapshot, and the older ones that readers still hold. A segment that a new snapshot
 * no longer shows is released when the last snapshot that shows it has drained: snapshots drain
 * oldest first, whatever the order in which readers leave.
 *
 * <p>Thread-safe. {@link #publish} is for the writer thread.
 */
public final class Snapshots {

  private record Held(Snapshot snapshot, List<Segment> released) {}

  private final ArrayDeque<Held> older = new ArrayDeque<>();
  private final List<Segment> kept = new ArrayList<>(); // guarded by older, as late
  private final List<Segment> late = new ArrayList<>(); // to be released when it is kept no more
  private volatile @Nullable Snapshot current;

  public Snapshots(long sequence, List<@Nullable CollectionView> collections) {
    current = new Snapshot(sequence, copy(collections), this::sweep);
  }

  private static List<@Nullable CollectionView> copy(List<@Nullable CollectionView> collections) {
    return Collections.unmodifiableList(new ArrayList<>(collections));
  }

  /**
   * Pins the current snapshot; close it to unpin.
   *
   * @throws FirnException.Closed if the database is closed
   */
  public Snapshot pin() {
    while (true) {
      Snapshot snapshot = current;
      if (snapshot == null) {
        throw new FirnException.Closed(
            "the database must be open but is closed: its memory and files are released. Open it again.");
      }
      if (snapshot.tryPin()) {
        return snapshot;
      }
    }
  }

  /** Makes a new snapshot current and lets go of {@code gone}, which it no longer shows. */
  public void publish(
      long sequence, List<@Nullable CollectionView> collections, List<Segment> gone) {
    Snapshot before = current;
    if (before == null) {
      throw new IllegalStateException("published after close");
    }
    replace(before, new Snapshot(sequence, copy(collections), this::sweep), gone);
  }

  /** Refuses new pins and releases every segment once the last reader is gone. */
  public void close() {
    Snapshot last = current;
    if (last == null) {
      return;
    }
    List<Segment> all = new ArrayList<>();
    for (CollectionView view : last.collections()) {
      if (view != null) {
        view.segments().forEach(segment -> all.add(segment.segment()));
      }
    }
    replace(last, null, all);
  }

  private void replace(Snapshot before, @Nullable Snapshot after, List<Segment> gone) {
    synchronized (older) {
      older.addLast(new Held(before, List.copyOf(gone)));
    }
    current = after;
    before.retire();
  }

  /** Keeps segments; close it to let them go. */
  public interface Keeping extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Keeps single segments of a snapshot that the caller has pinned, longer than the snapshot: for
   * work that takes minutes, in which a pin would keep everything that goes meanwhile.
   */
  public Keeping keep(List<Segment> segments) {
    synchronized (older) {
      kept.addAll(segments);
    }
    return () -> {
      List<Segment> released = new ArrayList<>();
      synchronized (older) {
        segments.forEach(kept::remove); // one entry for each time it is kept
        late.removeIf(segment -> !kept.contains(segment) && released.add(segment));
      }
      released.forEach(Segment::release);
    };
  }

  /** Releases what only drained snapshots at the old end held. Runs on whichever thread drains. */
  private void sweep() {
    List<Segment> released = new ArrayList<>();
    synchronized (older) {
      while (!older.isEmpty() && older.getFirst().snapshot().drained()) {
        released.addAll(older.removeFirst().released());
      }
      released.removeIf(segment -> kept.contains(segment) && late.add(segment));
    }
    released.forEach(Segment::release);
  }

  /** The sequence number of the oldest snapshot that a reader may hold. */
  public long oldestSequence() {
    synchronized (older) {
      if (!older.isEmpty()) {
        return older.getFirst().snapshot().sequence();
      }
    }
    Snapshot snapshot = current;
    return snapshot == null ? Long.MAX_VALUE : snapshot.sequence();
  }

  /** Snapshots still held, the current one included. */
  public int count() {
    synchronized (older) {
      return older.size() + (current == null ? 0 : 1);
    }
  }
}
