package io.firn.write;

import io.firn.Durability;
import io.firn.index.FieldIndex;
import java.util.List;

/**
 * Declares indexes and enters the rows that are older, and gives indexes up and removes their
 * entries: a few in each commit, so that other writes go on in between. Thread-safe; what two
 * threads do at once is done twice and harms nobody.
 */
record IndexBuild(WriteQueue queue, Indexer indexer, Durability durability) {

  private static final int ROWS_AT_ONCE = 2_048;

  /** Returns when there is an index of these fields and all rows are entered. */
  void declare(CollectionState collection, List<String> fields) {
    execute(new Operation.DeclareIndex(collection, fields));
    FieldIndex index = collection.indexes().get(fields);
    while (index != null && unbuilt(index)) {
      build(index, collection);
    }
  }

  /** Returns when there is no index of these fields any more; false if there was none. */
  boolean drop(CollectionState collection, List<String> fields) {
    FieldIndex index = collection.indexes().get(fields);
    if (index == null || execute(new Operation.DropIndex(collection, index)) == 0) {
      return false;
    }
    boolean more = true;
    while (more) {
      more = clear(index, collection);
    }
    return true;
  }

  /** Goes on in the background with what a closed or killed database had begun. */
  void finishLater(CollectionState collection) {
    collection.indexes().values().forEach(index -> buildLater(index, collection));
    collection.dropped().forEach(index -> clearLater(index, collection));
  }

  /** One step at a time, so that links, seals and a close come in between. */
  private void buildLater(FieldIndex index, CollectionState collection) {
    if (unbuilt(index)) {
      indexer.later(() -> {
        build(index, collection);
        buildLater(index, collection);
      });
    }
  }

  private void clearLater(FieldIndex index, CollectionState collection) {
    indexer.later(() -> {
      if (clear(index, collection)) {
        clearLater(index, collection);
      }
    });
  }

  private static boolean unbuilt(FieldIndex index) {
    return !index.dropped() && index.builtRows() < index.olderRows();
  }

  private void build(FieldIndex index, CollectionState collection) {
    int from = index.builtRows();
    int to = (int) Math.min(index.olderRows(), (long) from + ROWS_AT_ONCE);
    execute(new Operation.BuildIndex(collection, index, from, to));
  }

  /** True if there are more entries. */
  private boolean clear(FieldIndex index, CollectionState collection) {
    return execute(new Operation.ClearIndex(collection, index)) > 0;
  }

  /** Straight to the queue: the indexer must not wait for links that it makes itself. */
  private int execute(Operation operation) {
    return queue.execute(List.of(operation), durability);
  }
}
