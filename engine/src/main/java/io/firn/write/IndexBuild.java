package io.firn.write;

import io.firn.Durability;
import io.firn.index.FieldIndex;
import java.util.List;

/**
 * Enters the rows that are older than their index, a few in each commit, so that other writes go on
 * in between. Thread-safe; what two threads do at once is done twice and harms nobody.
 */
record IndexBuild(WriteQueue queue, Indexer indexer, Durability durability) {

  private static final int ROWS_AT_ONCE = 2_048;

  /** Returns when all are entered. */
  void finish(FieldIndex index, CollectionState collection) {
    while (index.builtRows() < index.olderRows()) {
      step(index, collection);
    }
  }

  /** Goes on in the background with what a closed or killed database had begun. */
  void finishLater(CollectionState collection) {
    collection.indexes().values().forEach(index -> finishLater(index, collection));
  }

  /** One step at a time, so that links, seals and a close come in between. */
  private void finishLater(FieldIndex index, CollectionState collection) {
    if (index.builtRows() < index.olderRows()) {
      indexer.later(() -> {
        step(index, collection);
        finishLater(index, collection);
      });
    }
  }

  /** Straight to the queue: the indexer must not wait for links that it makes itself. */
  private void step(FieldIndex index, CollectionState collection) {
    int from = index.builtRows();
    int to = (int) Math.min(index.olderRows(), (long) from + ROWS_AT_ONCE);
    queue.execute(List.of(new Operation.BuildIndex(collection, index, from, to)), durability);
  }
}
