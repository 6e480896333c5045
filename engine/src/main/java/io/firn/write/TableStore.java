package io.firn.write;

import io.firn.FirnException;
import io.firn.store.ClosedStoreException;
import io.firn.store.DirectoryCopy;
import io.firn.store.Lmdb;
import io.firn.store.ReadTxn;
import io.firn.store.WriteTxn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The tables: LMDB, and before it the writes that wait for their interval. Without LMDB everything
 * waits for ever, which is the database in memory.
 *
 * <p>Reads from any thread; {@link #apply} from the writer thread.
 */
public final class TableStore implements AutoCloseable {

  private static final Lmdb.WriteFunction NOTHING_MORE = _ -> {};

  private final @Nullable Lmdb lmdb;
  private final ReadWriteLock lock = new ReentrantReadWriteLock(); // guards the content of waiting
  private volatile WriteSet waiting = new WriteSet();
  private volatile boolean anyWaiting;
  private volatile @Nullable HiddenIds hiddenIds;

  public TableStore(@Nullable Lmdb lmdb) {
    this.lmdb = lmdb;
  }

  /** Reads values of one moment. */
  interface Reader {
    byte @Nullable [] get(Table table, byte[] key);

    /** Visits the keys with {@code from <= key < to}, ascending, until the visitor says false. */
    void keys(Table table, byte[] from, byte[] to, Predicate<byte[]> visitor);
  }

  /** A reader of LMDB, of what waits, or of both. */
  private record StoreReader(
      @Nullable ReadTxn txn, @Nullable WriteSet waiting, @Nullable HiddenIds hidden)
      implements Reader {

    @Override
    public byte @Nullable [] get(Table table, byte[] key) {
      byte[] value = waiting == null ? null : waiting.get(table, key);
      if (value != null || txn == null) {
        return present(value);
      }
      try {
        byte[] stored = txn.get(table.storedName(), key);
        return hidden == null || !hidden.hide(table, key, stored) ? stored : null;
      } catch (IOException e) {
        throw Failures.of(e);
      }
    }

    @Override
    public void keys(Table table, byte[] from, byte[] to, Predicate<byte[]> visitor) {
      var merge = new MergedKeys(waiting == null ? null : waiting.range(table, from, to), visitor);
      if (txn != null) {
        try {
          txn.scan(table.storedName(), from, to, (key, _) -> merge.stored(key));
        } catch (IOException e) {
          throw Failures.of(e);
        }
      }
      merge.end();
    }
  }

  /** A function of a {@link Reader}. */
  interface Reading<T> {
    T read(Reader reader);
  }

  /** The value of a key, or null. */
  byte @Nullable [] get(Table table, byte[] key) {
    return read(reader -> new Found(reader.get(table, key))).value();
  }

  private record Found(byte @Nullable [] value) {}

  /** Runs {@code reading}; what waits is looked at before LMDB, so a commit in between shows. */
  <T> T read(Reading<T> reading) {
    if (!anyWaiting) {
      return lmdb == null
          ? reading.read(new StoreReader(null, null, null))
          : readCommitted(lmdb, reading, null);
    }
    lock.readLock().lock();
    try {
      WriteSet before = waiting;
      return lmdb == null
          ? reading.read(new StoreReader(null, before, null))
          : readCommitted(lmdb, reading, before);
    } finally {
      lock.readLock().unlock();
    }
  }

  private <T> T readCommitted(Lmdb lmdb, Reading<T> reading, @Nullable WriteSet before) {
    try {
      return lmdb.read(txn -> reading.read(new StoreReader(txn, before, hiddenIds)));
    } catch (IOException e) {
      throw Failures.of(e);
    } catch (ClosedStoreException e) {
      throw new FirnException.Closed(String.valueOf(e.getMessage()));
    }
  }

  private static byte @Nullable [] present(byte @Nullable [] value) {
    return value == null || WriteSet.isRemoval(value) ? null : value;
  }

  /**
   * Makes writes visible together.
   *
   * @param commit whether they, and all that wait, are on disk when this returns
   * @throws IOException if the commit failed; then they are not visible
   */
  void apply(WriteSet writes, boolean commit) throws IOException {
    apply(writes, commit, NOTHING_MORE);
  }

  /**
   * As {@link #apply(WriteSet, boolean)}, and puts more in the same transaction than a write set
   * should hold.
   */
  void apply(WriteSet writes, Lmdb.WriteFunction more) throws IOException {
    apply(writes, true, more);
  }

  private void apply(WriteSet writes, boolean commit, Lmdb.WriteFunction more) throws IOException {
    if (commit && lmdb != null) {
      WriteSet all = writes;
      if (anyWaiting) {
        all = new WriteSet();
        all.addAll(waiting);
        all.addAll(writes);
      }
      commit(lmdb, all, more);
      waiting = new WriteSet(); // after the commit: a reader finds a value here or there
      anyWaiting = false;
    } else if (!writes.isEmpty()) {
      await(writes);
    }
  }

  /**
   * Shows {@code before} in place of what a failed commit may have brought to the disk: no snapshot
   * has the rows of that commit, so nobody must be led to them.
   */
  void hide(WriteSet before) {
    await(before);
  }

  /** As {@link #hide}, for all ids of a collection that stand for rows from a number on. */
  void hideIds(int collection, int firstRowNumber) {
    hiddenIds = new HiddenIds(collection, firstRowNumber);
  }

  private record HiddenIds(int collection, int firstRowNumber) {

    boolean hide(Table table, byte[] key, byte @Nullable [] value) {
      return table == Table.IDS
          && value != null
          && ByteBuffer.wrap(key).getInt() == collection
          && ByteBuffer.wrap(value).getInt() >= firstRowNumber;
    }
  }

  private void await(WriteSet writes) {
    lock.writeLock().lock();
    try {
      if (lmdb == null) {
        waiting.settle(writes);
      } else {
        waiting.addAll(writes);
      }
      anyWaiting = true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static void commit(Lmdb lmdb, WriteSet writes, Lmdb.WriteFunction more)
      throws IOException {
    if (!writes.isEmpty()) {
      lmdb.write(txn -> {
        put(txn, writes);
        more.apply(txn);
      });
    }
  }

  /** May run more than once: LMDB repeats a transaction after its map has grown. */
  static void put(WriteTxn txn, WriteSet writes) throws IOException {
    for (var table : writes.changes().entrySet()) {
      String name = table.getKey().storedName();
      for (var change : table.getValue().entrySet()) {
        if (WriteSet.isRemoval(change.getValue())) {
          txn.delete(name, change.getKey());
        } else {
          txn.put(name, change.getKey(), change.getValue());
        }
      }
    }
  }

  /** Copies tables and the files that they name; what waits for its interval is not among them. */
  void copy(DirectoryCopy copy, Path target, boolean linked) throws IOException {
    try {
      copy.whileOpen(Objects.requireNonNull(lmdb), target, linked);
    } catch (ClosedStoreException e) {
      throw new FirnException.Closed(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Reads all of LMDB's file, its trees and every value's checksum.
   *
   * @throws IOException naming what is damaged first
   */
  public void verify() throws IOException {
    try {
      if (lmdb != null) {
        lmdb.verify();
      }
    } catch (ClosedStoreException e) {
      throw new FirnException.Closed(String.valueOf(e.getMessage()));
    }
  }

  /** Size of the LMDB file, 0 without one. */
  public long lmdbBytes() {
    try {
      return lmdb == null ? 0 : lmdb.stats().fileBytes();
    } catch (IOException e) {
      throw Failures.of(e);
    } catch (ClosedStoreException e) {
      throw new FirnException.Closed(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    if (lmdb != null) {
      lmdb.close();
    }
  }
}
