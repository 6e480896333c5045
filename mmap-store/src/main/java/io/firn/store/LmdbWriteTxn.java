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
 * A write transaction. LMDB itself reads and changes its pages, as only it knows those that are not
 * committed; but before it follows a page of the state that it began with, that page is verified.
 */
final class LmdbWriteTxn implements WriteTxn {

  /** Above every key. */
  private static final MemorySegment HIGHEST = MemorySegment.ofArray(highest());

  private static final MemorySegment LOWEST = MemorySegment.ofArray(new byte[0]);

  private final Lmdb lmdb;
  private final Txn<MemorySegment> txn;
  private final @Nullable LmdbState before; // null for the first of all, which makes the tables
  private final MemorySegment keyScratch = Arena.ofAuto().allocate(LmdbTable.MAX_KEY_BYTES);
  private final LmdbViews views;
  private boolean active = true;
  private boolean changed;
  private boolean mapFull;
  private int scans;

  /**
   * A transaction that just began.
   *
   * @param before the state it began with; null if nothing of that is to be verified
   */
  LmdbWriteTxn(Lmdb lmdb, Txn<MemorySegment> txn, @Nullable LmdbState before) {
    this.lmdb = lmdb;
    this.txn = txn;
    this.before = before;
    this.views = new LmdbViews(lmdb);
  }

  private static byte[] highest() {
    byte[] key = new byte[LmdbTable.MAX_KEY_BYTES + 1];
    Arrays.fill(key, (byte) 0xff);
    return key;
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
      store(lmdb.stamps(), CommitStamp.KEY, MemorySegment.ofArray(stamp.encode()));
    }
    active = false;
    views.end();
    if (stamped) {
      lmdb.io().commit(lmdb.file(), txn::commit);
    } else {
      txn.commit();
    }
  }

  /** Ends for good; without a commit it leaves no trace. */
  void close() {
    active = false;
    views.end();
    txn.close();
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
    return views.verified(opened, key, stored).toArray(JAVA_BYTE);
  }

  @Override
  public @Nullable MemorySegment view(String table, byte[] key) throws IOException {
    LmdbTable opened = table(table);
    MemorySegment stored = find(opened, key);
    return stored == null ? null : views.view(opened, key, stored);
  }

  @Override
  public void scan(String table, byte @Nullable [] from, byte @Nullable [] to, Visitor visitor)
      throws IOException {
    LmdbTable opened = table(table);
    scans++;
    try (Cursor<MemorySegment> cursor = opened.dbi.openCursor(txn)) {
      boolean found = seek(opened, cursor, from);
      while (found) {
        byte[] key = key(opened, cursor);
        if (isBehind(key, to)
            || !visitor.visit(key, views.view(opened, key, stored(opened, cursor.val())))) {
          return;
        }
        verifyWay(opened, MemorySegment.ofArray(key), true); // with the next leaf
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
    LmdbTable opened = changing(table);
    verifyWay(opened, HIGHEST, false); // LMDB compares with the last row
    try {
      put(opened, key, MemorySegment.ofArray(value), MDB_APPEND);
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
    LmdbViews.requireValue(value.byteSize());
    verifyWay(opened, LmdbTable.key(key), false);
    store(opened, key, value, flags);
  }

  private void store(LmdbTable opened, byte[] key, MemorySegment value, PutFlags... flags)
      throws IOException {
    long valueBytes = value.byteSize();
    try {
      int storedBytes = (int) valueBytes + CheckedValue.CRC_BYTES;
      MemorySegment place = opened.dbi.reserve(txn, key(key), storedBytes, flags);
      MemorySegment.copy(value, 0, place, 0, valueBytes);
      views.seal(opened, key, place);
    } catch (LmdbException e) {
      throw changeFailure(e);
    }
  }

  @Override
  public boolean delete(String table, byte[] key) throws IOException {
    LmdbTable opened = changing(table);
    verifyWay(opened, LmdbTable.key(key), true);
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
      boolean found = seek(opened, cursor, from);
      while (found) {
        byte[] key = key(opened, cursor);
        if (isBehind(key, to)) {
          return deleted;
        }
        verifyWay(opened, MemorySegment.ofArray(key), true);
        cursor.delete();
        deleted++;
        found = cursor.next();
      }
      return deleted;
    } catch (LmdbException e) {
      throw changeFailure(e);
    }
  }

  private boolean seek(LmdbTable table, Cursor<MemorySegment> cursor, byte @Nullable [] from)
      throws IOException {
    MemorySegment first = from == null ? LOWEST : LmdbTable.key(from);
    verifyWay(table, first, true); // with the next leaf, if there is none behind it in its own
    return from == null ? cursor.first() : cursor.get(key(from), GetOp.MDB_SET_RANGE);
  }

  private static boolean isBehind(byte[] key, byte @Nullable [] to) {
    return to != null && Arrays.compareUnsigned(key, to) >= 0;
  }

  private byte[] key(LmdbTable table, Cursor<MemorySegment> cursor) throws IOException {
    MemorySegment key = lmdb.checkInMap(cursor.key(), table.name);
    if (key.byteSize() > LmdbTable.MAX_KEY_BYTES) {
      throw lmdb.corrupt(
          key, "key size in table " + table.name, "at most 511", key.byteSize() + " bytes");
    }
    return key.toArray(JAVA_BYTE);
  }

  private @Nullable MemorySegment find(LmdbTable table, byte[] key) throws IOException {
    verifyWay(table, LmdbTable.key(key), false);
    try {
      MemorySegment stored = table.dbi.get(txn, key(key));
      return stored == null ? null : stored(table, stored);
    } catch (LmdbException e) {
      throw lmdb.failure(e);
    }
  }

  private MemorySegment stored(LmdbTable table, MemorySegment stored) throws IOException {
    return lmdb.checkInMap(stored, table.name);
  }

  /**
   * Verifies what LMDB will follow to {@code key}, as far as this transaction has not changed it.
   */
  private void verifyWay(LmdbTable table, MemorySegment key, boolean removing) throws IOException {
    if (before != null) {
      before.verifyWay(table.name, key, removing);
    }
  }

  private MemorySegment key(byte[] key) {
    LmdbTable.key(key);
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
    views.end();
    changed = true;
    return table;
  }

  private IOException changeFailure(LmdbException e) {
    mapFull |= e instanceof MapFullException;
    return LmdbFailure.ofChange(lmdb.file(), e);
  }
}
