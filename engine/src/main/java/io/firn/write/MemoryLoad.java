package io.firn.write;

import io.firn.Durability;
import io.firn.Progress;
import java.util.ArrayList;
import java.util.List;

/** A load of a database in memory: rows wait in a list. */
final class MemoryLoad implements Load {

  private final CollectionState collection;
  private final WriteQueue queue;
  private final Loads loads;
  private final List<Operation.Upsert> waiting = new ArrayList<>();
  private boolean ended;

  MemoryLoad(CollectionState collection, WriteQueue queue, Loads loads) {
    this.collection = collection;
    this.queue = queue;
    this.loads = loads;
  }

  @Override
  public synchronized void add(Operation.Upsert row) {
    Loads.requireOpen(ended);
    waiting.add(row);
  }

  @Override
  public synchronized long rows() {
    return waiting.size();
  }

  @Override
  public synchronized void commit(Progress progress) {
    Loads.requireOpen(ended);
    try {
      progress.at(waiting.size(), waiting.size()); // rows are linked later, in the background
      Loads.requireOpen(ended); // closed by whoever was told
      var load = new Operation.LoadInMemory(collection, List.copyOf(waiting));
      queue.execute(List.of(load), Durability.FULL);
      ended = true;
      loads.committed(this);
    } finally {
      close();
    }
  }

  @Override
  public synchronized void close() {
    if (!ended) {
      ended = true;
      loads.givenUp(this, collection);
    }
    waiting.clear();
  }
}
