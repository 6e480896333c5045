package io.firn.write;

import io.firn.Durability;
import java.time.Instant;
import java.util.List;

/** Deletes rows whose time has come. */
record ExpirySweep(TableStore tables, WriteQueue queue, Durability durability) {

  /** Deletes what is due; false if more may be. */
  boolean deleteDue() {
    List<Operation> due = Expiry.due(tables, Instant.now());
    if (!due.isEmpty()) {
      queue.execute(due, durability);
    }
    return due.size() < Expiry.MAX_AT_ONCE;
  }
}
