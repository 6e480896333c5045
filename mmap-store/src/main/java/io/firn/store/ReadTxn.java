package io.firn.store;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One consistent state of all tables, while a function of {@link Lmdb#read} or {@link Lmdb#write}
 * runs. Keys are 1..511 bytes and ordered as unsigned bytes. Every value is verified against its
 * checksum before it is returned.
 *
 * <p>Belongs to the thread that runs the function and ends with it; afterwards every method throws
 * {@link ClosedStoreException}. Methods throw {@link CorruptFileException} if LMDB or a checksum
 * finds damage, and {@link IllegalArgumentException} for a key of wrong size or an unknown table.
 */
public interface ReadTxn {

  /** A copy of the value of {@code key}, or null if there is none. */
  byte @Nullable [] get(String table, byte[] key) throws IOException;

  /**
   * The value of {@code key} where it lies, read-only and unaligned, or null if there is none.
   * Valid until the transaction ends or, in a write transaction, until the next change; later use
   * throws {@link IllegalStateException}.
   */
  @Nullable MemorySegment view(String table, byte[] key) throws IOException;

  /**
   * Visits the rows with {@code from <= key < to}, ascending.
   *
   * @param from first key; null for the start of the table
   * @param to first key not visited; null for the end of the table
   */
  void scan(String table, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor)
      throws IOException;

  /** Rows in {@code table}. */
  long count(String table) throws IOException;

  /** Sees the rows of a scan. */
  @FunctionalInterface
  interface Visitor {

    /**
     * Sees one row. May read in the same transaction, must not write.
     *
     * @param key a copy
     * @param value read-only, valid during this call
     * @return false to end the scan
     */
    boolean visit(byte[] key, MemorySegment value) throws IOException;
  }
}
