package io.firn.write;

import io.firn.Durability;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Operations that take effect together or not at all.
 *
 * @param done receives the number of rows that deletes and updates found, or the failure
 */
record Batch(List<Operation> operations, Durability durability, CompletableFuture<Integer> done) {

  /** True if no other batch may be of its commit: it goes to the tables without a write set. */
  boolean alone() {
    return operations.size() == 1 && operations.getFirst() instanceof Operation.Load;
  }
}
