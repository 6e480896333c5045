package io.firn.search;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The whole database at one sequence number. Readers pin it; what it shows does not change, and its
 * memory is not freed, until they unpin.
 */
public final class Snapshot implements AutoCloseable {

  private static final int RETIRED = Integer.MIN_VALUE; // the sign bit; the rest counts pins

  private final long sequence;
  private final List<@Nullable CollectionView> collections;
  private final Runnable whenDrained;
  private final AtomicInteger state = new AtomicInteger();

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

  /** Keeps the snapshot until {@link #close}. False if retired: its successor is current. */
  boolean tryPin() {
    int seen = state.get();
    while (seen >= 0) {
      int witness = state.compareAndExchange(seen, seen + 1);
      if (witness == seen) {
        return true;
      }
      seen = witness;
    }
    return false;
  }

  /** Unpins. Once for each pin. */
  @Override
  public void close() {
    if (state.decrementAndGet() == RETIRED) {
      whenDrained.run();
    }
  }

  /** Refuses new pins. Called once, after the successor is published. */
  void retire() {
    if (state.getAndUpdate(pins -> pins | RETIRED) == 0) {
      whenDrained.run();
    }
  }

  boolean drained() {
    return state.get() == RETIRED;
  }
}
