package io.firn.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one {@link Lmdb#write}, seen by its own reads at once and by others after the commit.
 */
public interface WriteTxn extends ReadTxn {

  /** Stores {@code value}, replacing any other, with a checksum behind it. */
  void put(String table, byte[] key, byte[] value) throws IOException;

  /** Stores a copy of {@code value}, which may be on or off heap, with a checksum behind it. */
  void put(String table, byte[] key, MemorySegment value) throws IOException;

  /**
   * Stores {@code value} if its key is above every key of the table, and says whether it was. Rows
   * that come in order fill their pages this way; those that {@link #put} brings leave half of each
   * page empty.
   */
  boolean append(String table, byte[] key, byte[] value) throws IOException;

  /** Removes a row and says whether there was one. */
  boolean delete(String table, byte[] key) throws IOException;

  /**
   * Removes the rows with {@code from <= key < to} and returns how many they were.
   *
   * @param from first key; null for the start of the table
   * @param to first key that stays; null for the end of the table
   */
  long deleteRange(String table, byte @Nullable [] from, byte @Nullable [] to) throws IOException;
}
