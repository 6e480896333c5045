package io.firn.write;

import io.firn.Progress;

/**
 * Rows on their way into a collection, all of them in one commit however many they are. Any thread,
 * one at a time; {@link #close} also meanwhile, which ends what runs.
 */
public sealed interface Load extends AutoCloseable permits FileLoad, MemoryLoad {

  /** Adds a row, or replaces the one of its id; visible after {@link #commit}. */
  void add(Operation.Upsert row);

  /** Rows added so far, replaced ones included. */
  long rows();

  /**
   * Makes all rows visible, and durable, together. Whether it succeeds or not, the load has ended.
   *
   * @param progress told how many rows of how many are linked; what it throws ends the load
   */
  void commit(Progress progress);

  /** Gives up what is not committed. Idempotent. */
  @Override
  void close();
}
