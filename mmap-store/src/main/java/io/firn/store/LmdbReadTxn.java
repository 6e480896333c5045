package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Txn;

/**
 * A read transaction. LMDB only keeps the pages of its state from being used again; they are read
 * by {@link LmdbState}. Used again and again, by {@link #begin} and {@link #end}; between them it
 * belongs to one thread. LMDB takes no lock for it then.
 */
final class LmdbReadTxn implements ReadTxn {

  private static final MemorySegment LOWEST = MemorySegment.ofArray(new byte[0]);

  private final Lmdb lmdb;
  private final Txn<MemorySegment> txn;
  private final LmdbViews views;
  private @Nullable LmdbState state; // null while it may not be used

  private @Nullable LmdbState resting;

  /** Of a transaction that runs: it has to begin again. */
  LmdbReadTxn(Lmdb lmdb, Txn<MemorySegment> txn) {
    this.lmdb = lmdb;
    this.txn = txn;
    this.views = new LmdbViews(lmdb);
    txn.reset();
  }

  /** Starts on the newest state. */
  void begin() throws IOException {
    txn.renew();
    try {
      LmdbState seen = lmdb.state(txn.getId());
      while (seen == null) { // two commits were faster
        txn.reset();
        txn.renew();
        seen = lmdb.state(txn.getId());
      }
      state = seen;
    } catch (IOException | RuntimeException | Error e) {
      txn.reset();
      throw e;
    }
  }

  /** Ends, so that it can begin again. */
  void end() {
    rest();
    txn.reset();
  }

  /** Takes up a transaction that was left at {@link #rest}, on the state it has. */
  LmdbReadTxn resume() {
    state = resting;
    return this;
  }

  /** Leaves the transaction as it is, to be taken up by any thread. */
  void rest() {
    resting = state;
    state = null;
    views.end();
  }

  /** Ends for good. lmdbjava frees it only if it is running. */
  void discard() {
    txn.renew();
    txn.close();
  }

  /** Ends for good, from {@link #rest}. */
  void close() {
    txn.close();
  }

  long id() {
    return state().transactionId();
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) throws IOException {
    MemorySegment stored = find(table, key);
    return stored == null
        ? null
        : views.verified(lmdb.table(table), key, stored).toArray(JAVA_BYTE);
  }

  @Override
  public @Nullable MemorySegment view(String table, byte[] key) throws IOException {
    MemorySegment stored = find(table, key);
    return stored == null ? null : views.view(lmdb.table(table), key, stored);
  }

  private @Nullable MemorySegment find(String table, byte[] key) throws IOException {
    lmdb.table(table);
    return state().find(table, LmdbTable.key(key));
  }

  @Override
  public void scan(String table, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor)
      throws IOException {
    LmdbTable opened = lmdb.table(table);
    LmdbPath path = state().path(table);
    boolean found = path.seek(from == null ? LOWEST : LmdbTable.key(from));
    while (found) {
      byte[] key = path.key();
      boolean behind = to != null && Arrays.compareUnsigned(key, to) >= 0;
      if (behind || !visitor.visit(key, views.view(opened, key, path.stored()))) {
        return;
      }
      found = path.next();
    }
  }

  @Override
  public long count(String table) {
    lmdb.table(table);
    return state().count(table);
  }

  private LmdbState state() {
    if (state == null) {
      throw new ClosedStoreException("the transaction");
    }
    return state;
  }
}
