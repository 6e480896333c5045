package io.firn.search;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole database at one sequence number. Readers pin it; what it shows does not change, and its
 * memory is not freed, until they unpin.
 */
public final class Snapshot implements AutoCloseable {

  private final long sequence;
  private final List<@Nullable CollectionView> collections;
  private final Runnable whenDrained;
  private final Pins pins = new Pins();

  Snapshot(long sequence, List<@Nullable CollectionView> collections, Runnable whenDrained) {
    this.sequence = sequence;
    this.collections = collections;
    this.whenDrained = whenDrained;
  }

  public long sequence() {
    return sequence;
  }

  /** The view of a collection by its number, or null if it is younger than this snapshot. */
  public @Nullable CollectionView collection(int collectionNumber) {
    return collectionNumber < collections.size() ? collections.get(collectionNumber) : null;
  }

  List<@Nullable CollectionView> collections() {
    return collections;
  }

  /** The sealed segments of all collections. */
  public List<SealedSegment> sealedSegments() {
    List<SealedSegment> sealed = new ArrayList<>();
    for (CollectionView view : collections) {
      for (SegmentView seen : view == null ? List.<SegmentView>of() : view.segments()) {
        if (seen.segment() instanceof SealedSegment segment) {
          sealed.add(segment);
        }
      }
    }
    return sealed;
  }

  /** Keeps the snapshot until {@link #close}. False if retired: its successor is current. */
  boolean tryPin() {
    return pins.tryPin();
  }

  /** Unpins. Once for each pin. */
  @Override
  public void close() {
    if (pins.unpin()) {
      whenDrained.run();
    }
  }

  /** Refuses new pins. Called once, after the successor is published. */
  void retire() {
    if (pins.retire()) {
      whenDrained.run();
    }
  }

  boolean drained() {
    return pins.drained();
  }
}
