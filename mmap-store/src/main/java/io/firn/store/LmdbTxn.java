package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.lmdbjava.PutFlags.MDB_APPEND;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Cursor;
import org.lmdbjava.Dbi.KeyExistsException;
import org.lmdbjava.Env.MapFullException;
import org.lmdbjava.GetOp;
import org.lmdbjava.LmdbException;
import org.lmdbjava.PutFlags;
import org.lmdbjava.Txn;

/**
 * One LMDB transaction with its scratch memory. A read transaction is used again and again, by
 * {@link #begin} and {@link #end}; between them it belongs to one thread. LMDB takes no lock for it
 * then.
 */
final class LmdbTxn implements WriteTxn {

  private static final int MAX_KEY_BYTES = 511;
  private static final int MAX_VALUE_BYTES = Integer.MAX_VALUE - 64;

  private final Lmdb lmdb;
  private final Txn<MemorySegment> txn;
  private final MemorySegment keyScratch = Arena.ofAuto().allocate(MAX_KEY_BYTES);
  private final CheckedValue checked = new CheckedValue();
  private @Nullable Arena views; // made for the first view, closed when they end
  private boolean active = true;
  private boolean changed;
  private boolean mapFull;
  private int scans;

  LmdbTxn(Lmdb lmdb, Txn<MemorySegment> txn) {
    this.lmdb = lmdb;
    this.txn = txn;
  }

  /** Starts a reset read transaction again, on the newest state. */
  void begin() {
    txn.renew();
    active = true;
  }

  /** Ends a read transaction so that it can begin again. */
  void end() {
    active = false;
    endViews();
    txn.reset();
  }

  /** Takes up a read transaction that was left at {@link #rest}, on the state it has. */
  LmdbTxn resume() {
    active = true;
    return this;
  }

  /** Leaves a read transaction as it is, to be taken up by any thread. */
  void rest() {
    active = false;
    endViews();
  }

  /** Whether there was a change, were it of nothing. */
  boolean changed() {
    return changed;
  }

  /**
   * Commits durably.
   *
   * @param stamped whether there is something to commit; else it just ends
   */
  void commit(boolean stamped) throws IOException {
    if (stamped) {
      CommitStamp stamp = new CommitStamp(txn.getId(), lmdb.lastPage());
      put(lmdb.stamps(), CommitStamp.KEY, MemorySegment.ofArray(stamp.encode()));
    }
    active = false;
    endViews();
    if (stamped) {
      lmdb.io().commit(lmdb.file(), txn::commit);
    } else {
      txn.commit();
    }
  }

  /** Ends a write transaction for good; if it has not committed, it leaves no trace. */
  void close() {
    active = false;
    endViews();
    txn.close();
  }

  /** Ends a reset read transaction for good. lmdbjava frees it only if it is running. */
  void discard() {
    txn.renew();
    txn.close();
  }

  long id() {
    return txn.getId();
  }

  /** Whether a change failed for want of map: then the transaction is to be repeated. */
  boolean mapFull() {
    return mapFull;
  }

  @Override
  public byte @Nullable [] get(String table, byte[] key) throws IOException {
    LmdbTable opened = table(table);
    MemorySegment stored = find(opened, key);
    if (stored == null) {
      return null;
    }
    return verified(opened, key, stored).toArray(JAVA_BYTE);
  }

  @Override
  public @Nullable MemorySegment view(String table, byte[] key) throws IOException {
    LmdbTable opened = table(table);
    MemorySegment stored = find(opened, key);
    return stored == null ? null : verifiedView(opened, key, stored);
  }

  @Override
  public void scan(String table, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor)
      throws IOException {
    LmdbTable opened = table(table);
    scans++;
    try (Cursor<MemorySegment> cursor = opened.dbi.openCursor(txn)) {
      boolean found = seek(cursor, from);
      while (found) {
        byte[] key = key(opened, cursor);
        if (isBehind(key, to) || !visitor.visit(key, verifiedView(opened, key, cursor.val()))) {
          return;
        }
        found = cursor.next();
      }
    } catch (LmdbException e) {
      throw lmdb.failure(e);
    } finally {
      scans--;
    }
  }

  @Override
  public long count(String table) throws IOException {
    LmdbTable opened = table(table);
    try {
      return opened.dbi.stat(txn).entries;
    } catch (LmdbException e) {
      throw lmdb.failure(e);
    }
  }

  @Override
  public void put(String table, byte[] key, byte[] value) throws IOException {
    put(table, key, MemorySegment.ofArray(value));
  }

  @Override
  public void put(String table, byte[] key, MemorySegment value) throws IOException {
    put(changing(table), key, value);
  }

  @Override
  public boolean append(String table, byte[] key, byte[] value) throws IOException {
    try {
      put(changing(table), key, MemorySegment.ofArray(value), MDB_APPEND);
      return true;
    } catch (IOException e) {
      if (e.getCause() instanceof KeyExistsException) { // LMDB's word for a key that is not above
        return false;
      }
      throw e;
    }
  }

  private void put(LmdbTable opened, byte[] key, MemorySegment value, PutFlags... flags)
      throws IOException {
    long valueBytes = value.byteSize();
    if (valueBytes > MAX_VALUE_BYTES) {
      throw new IllegalArgumentException(
          "value must be at most %d bytes but is %d: it is returned as an array. Split it."
              .formatted(MAX_VALUE_BYTES, valueBytes));
    }
    try {
      int storedBytes = (int) valueBytes + CheckedValue.CRC_BYTES;
      MemorySegment place = opened.dbi.reserve(txn, key(key), storedBytes, flags);
      MemorySegment.copy(value, 0, place, 0, valueBytes);
      checked.seal(opened.nameBytes, key, place);
    } catch (LmdbException e) {
      throw changeFailure(e);
    }
  }

  @Override
  public boolean delete(String table, byte[] key) throws IOException {
    LmdbTable opened = changing(table);
    try {
      return opened.dbi.delete(txn, key(key));
    } catch (LmdbException e) {
      throw changeFailure(e);
    }
  }

  @Override
  public long deleteRange(String table, byte @Nullable [] from, byte @Nullable [] to)
      throws IOException {
    LmdbTable opened = changing(table);
    long deleted = 0;
    try (Cursor<MemorySegment> cursor = opened.dbi.openCursor(txn)) {
      boolean found = seek(cursor, from);
      while (found && !isBehind(key(opened, cursor), to)) {
        cursor.delete();
        deleted++;
        found = cursor.next();
      }
      return deleted;
    } catch (LmdbException e) {
      throw changeFailure(e);
    }
  }

  private boolean seek(Cursor<MemorySegment> cursor, byte @Nullable [] from) {
    return from == null ? cursor.first() : cursor.get(key(from), GetOp.MDB_SET_RANGE);
  }

  private static boolean isBehind(byte[] key, byte @Nullable [] to) {
    return to != null && Arrays.compareUnsigned(key, to) >= 0;
  }

  private byte[] key(LmdbTable table, Cursor<MemorySegment> cursor) throws IOException {
    MemorySegment key = lmdb.checkInMap(cursor.key(), txn.isReadOnly(), table.name);
    if (key.byteSize() > MAX_KEY_BYTES) {
      throw lmdb.corrupt(
          key, "key size in table " + table.name, "at most 511", key.byteSize() + " bytes");
    }
    return key.toArray(JAVA_BYTE);
  }

  private @Nullable MemorySegment find(LmdbTable table, byte[] key) throws IOException {
    try {
      return table.dbi.get(txn, key(key));
    } catch (LmdbException e) {
      throw lmdb.failure(e);
    }
  }

  @SuppressWarnings("restricted") // gives LMDB's memory the life of this transaction
  private MemorySegment verifiedView(LmdbTable table, byte[] key, MemorySegment stored)
      throws IOException {
    MemorySegment value = verified(table, key, stored);
    if (views == null) {
      views = Arena.ofConfined();
    }
    return MemorySegment.ofAddress(value.address())
        .reinterpret(value.byteSize(), views, null)
        .asReadOnly();
  }

  private MemorySegment verified(LmdbTable table, byte[] key, MemorySegment stored)
      throws IOException {
    lmdb.checkInMap(stored, txn.isReadOnly(), table.name);
    if (stored.byteSize() > MAX_VALUE_BYTES + CheckedValue.CRC_BYTES) {
      throw lmdb.corrupt(
          stored, "value in table " + table.name, "less than 2 GiB", stored.byteSize() + " bytes");
    }
    return checked.verified(table.nameBytes, key, stored, lmdb.file(), lmdb.offset(stored));
  }

  private MemorySegment key(byte[] key) {
    if (key.length == 0 || key.length > MAX_KEY_BYTES) {
      throw new IllegalArgumentException(
          "key must be 1..%d bytes but is %d: LMDB takes no other."
              .formatted(MAX_KEY_BYTES, key.length));
    }
    MemorySegment.copy(key, 0, keyScratch, JAVA_BYTE, 0, key.length);
    return keyScratch.asSlice(0, key.length);
  }

  private LmdbTable table(String name) {
    if (!active) {
      throw new ClosedStoreException("the transaction");
    }
    return lmdb.table(name);
  }

  private LmdbTable changing(String name) {
    LmdbTable table = table(name);
    if (scans > 0) {
      throw new IllegalStateException(
          "a scan must only read but changed table %s: its cursor would lose its place. Collect the keys first."
              .formatted(name));
    }
    endViews();
    changed = true;
    return table;
  }

  private void endViews() {
    if (views != null) {
      views.close();
      views = null;
    }
  }

  private IOException changeFailure(LmdbException e) {
    mapFull |= e instanceof MapFullException;
    return LmdbFailure.ofChange(lmdb.file(), e);
  }
}
