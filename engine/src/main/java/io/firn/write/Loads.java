package io.firn.write;

import io.firn.Durability;
import io.firn.FirnException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The loads of a database that are under way. Any thread. */
final class Loads {

  private final Set<Load> open = ConcurrentHashMap.newKeySet();
  private final WriteQueue queue;
  private final Indexer indexer;
  private final @Nullable SegmentFiles files;
  private final long memoryBytes;
  private volatile boolean closed;

  /**
   * Loads of one database.
   *
   * @param files null in memory
   * @param memoryBytes that building a segment may take
   */
  Loads(WriteQueue queue, Indexer indexer, @Nullable SegmentFiles files, long memoryBytes) {
    this.queue = queue;
    this.indexer = indexer;
    this.files = files;
    this.memoryBytes = memoryBytes;
  }

  /**
   * Begins a load. Rows that are in no segment file yet are sealed first: the numbers of the loaded
   * ones follow theirs.
   *
   * @throws FirnException.Conflict if one of the collection is under way
   */
  Load begin(CollectionState collection) {
    queue.execute(List.of(new Operation.BeginLoad(collection)), Durability.FULL);
    try {
      Load begun =
          files == null ? new MemoryLoad(collection, queue, this) : fileLoad(collection, files);
      open.add(begun);
      if (closed) { // it may have come too late to be closed with the others
        begun.close();
      }
      return begun;
    } catch (Throwable e) {
      giveUp(collection);
      throw e;
    }
  }

  private FileLoad fileLoad(CollectionState collection, SegmentFiles to) {
    indexer.seal(collection);
    return new FileLoad(collection, to, queue, this, memoryBytes);
  }

  /** Throws if a load has ended. */
  static void requireOpen(boolean ended) {
    if (ended) {
      throw new FirnException.Closed(
          "a bulk load must be open but has ended: it was committed, closed, or failed. Begin another.");
    }
  }

  void committed(Load load) {
    open.remove(load);
  }

  void givenUp(Load load, CollectionState collection) {
    open.remove(load);
    giveUp(collection);
  }

  private void giveUp(CollectionState collection) {
    try {
      queue.execute(List.of(new Operation.GiveUpLoad(collection)), Durability.FULL);
    } catch (FirnException _) {
      // closed or failed: nobody can write to the collection anyway
    }
  }

  /** Ends all loads, uncommitted. */
  void close() {
    closed = true;
    open.forEach(Load::close);
  }
}
