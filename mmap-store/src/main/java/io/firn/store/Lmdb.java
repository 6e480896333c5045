package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.lmdbjava.DbiFlags.MDB_CREATE;
import static org.lmdbjava.EnvFlags.MDB_RDONLY_ENV;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Dbi;
import org.lmdbjava.DbiFlags;
import org.lmdbjava.Env;
import org.lmdbjava.Env.MapFullException;
import org.lmdbjava.LmdbException;
import org.lmdbjava.Txn;

/**
 * The LMDB environment of a database: named tables of byte keys and checksummed values, one writer,
 * readers that never wait for it.
 *
 * <p>{@link #read} and {@link #stats} may be called from any thread, virtual ones too, {@link
 * #write} from one platform thread at a time. Only this class and its {@code Lmdb…} neighbours
 * touch lmdbjava. Every commit is durable before {@link #write} returns; nothing weaker is offered.
 *
 * <p>After {@link #close} every method throws {@link ClosedStoreException}.
 */
public final class Lmdb implements AutoCloseable {

  static final String DATA_FILE = "data.mdb";

  private final Path file;
  private final Path real; // by whatever links it is reached
  private final Io io;
  private final Env<MemorySegment> env;
  private final Map<String, LmdbTable> tables = new LinkedHashMap<>();

  private final ReentrantLock writer = new ReentrantLock();

  /** Held shared by readers; exclusively while the map moves and when it goes. */
  private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

  private final Semaphore slots;
  private final ConcurrentLinkedDeque<LmdbReadTxn> idle = new ConcurrentLinkedDeque<>();
  private final Dbi<MemorySegment> tableNames;
  private final LmdbTable stamps;
  private final @Nullable LmdbReadTxn pinned; // if this is for reading only: the state it shows
  private final LmdbMap map;
  private volatile LmdbBounds bounds;
  private volatile @Nullable LmdbState newest; // that was asked for
  private volatile boolean closed;

  private Lmdb(Path file, Io io, Env<MemorySegment> env, List<String> names, int maxReaders)
      throws IOException {
    this.file = file;
    this.real = file.toRealPath();
    this.io = io;
    this.env = env;
    this.slots = new Semaphore(maxReaders);
    Txn<MemorySegment> raw = env.txnWrite();
    LmdbWriteTxn txn = new LmdbWriteTxn(this, raw, null);
    try {
      tableNames = env.openDbi(raw, null, null, false);
      long before = tableNames.stat(raw).entries;
      stamps = openTable(raw, CommitStamp.TABLE, MDB_CREATE);
      for (String name : names) {
        tables.put(name, openTable(raw, name, MDB_CREATE));
      }
      txn.commit(tableNames.stat(raw).entries > before);
    } finally {
      txn.close();
    }
    pinned = null;
    bounds = LmdbBounds.locate(env, tableNames, io, file);
    map = new LmdbMap(file, env.stat().pageSize, bounds.segment());
  }

  /** For reading only, one state for ever. */
  private Lmdb(Path file, Io io, Env<MemorySegment> env, List<String> names) throws IOException {
    this.file = file;
    this.real = file.toRealPath();
    this.io = io;
    this.env = env;
    this.slots = new Semaphore(1); // one transaction is for one thread at a time
    try (Txn<MemorySegment> raw = env.txnRead()) {
      tableNames = env.openDbi(raw, null, null, false);
      stamps = openTable(raw, CommitStamp.TABLE);
      for (String name : names) {
        tables.put(name, openTable(raw, name));
      }
      raw.commit(); // else LMDB forgets the tables
    }
    bounds = LmdbBounds.locate(env, tableNames, io, file);
    map = new LmdbMap(file, env.stat().pageSize, bounds.segment());
    pinned = new LmdbReadTxn(this, env.txnRead());
    pinned.begin();
    pinned.rest();
  }

  /** Begins to load LMDB on another thread, for an {@link #open} that is soon to come. */
  public static void loadEarly() {
    LmdbNative.loadEarly();
  }

  /**
   * Opens the environment of {@code directory}, which must stay open until this is closed. The file
   * is checked before LMDB maps it.
   *
   * @param names tables to use; created if absent
   * @throws CorruptFileException if the file is truncated or is not LMDB's
   * @throws StoreLockedException if this process has it open for reading
   */
  public static Lmdb open(DatabaseDirectory directory, List<String> names, Options options)
      throws IOException {
    requireNames(names);
    Path file = directory.metaPath().resolve(DATA_FILE);
    Io io = directory.io();
    return LmdbEnv.open(
        directory, options, env -> new Lmdb(file, io, env, names, options.maxReaders));
  }

  /**
   * Opens the environment for reading, beside a writer in another process. Shows the newest state
   * of this moment until it is closed; so long the writer cannot use again the pages that it frees.
   * {@link #read} is for one thread at a time, others wait.
   *
   * @param names tables to use, which must exist
   * @throws CorruptFileException if the file is damaged, or the writer was faster than this look at
   *     it: then try again
   * @throws StoreLockedException if this process has it open already
   */
  public static Lmdb openReadOnly(DatabaseDirectory directory, List<String> names)
      throws IOException {
    requireNames(names);
    Path file = directory.metaPath().resolve(DATA_FILE);
    Io io = directory.io();
    return LmdbEnv.open(
        directory, Options.defaults(), env -> new Lmdb(file, io, env, names), MDB_RDONLY_ENV);
  }

  private static void requireNames(List<String> names) {
    if (names.size() >= LmdbEnv.MAX_TABLES || names.contains(CommitStamp.TABLE)) {
      throw new IllegalArgumentException(
          "names must be less than %d, and none of them %s, but are %s."
              .formatted(LmdbEnv.MAX_TABLES, CommitStamp.TABLE, names));
    }
  }

  private LmdbTable openTable(Txn<MemorySegment> txn, String name, DbiFlags... flags) {
    return new LmdbTable(name, env.openDbi(txn, name.getBytes(UTF_8), null, false, flags));
  }

  /**
   * Runs {@code function} in a read transaction on the newest committed state and returns its
   * result. Waits while {@link Options#maxReaders} others run. A long reader keeps pages from being
   * reused and the map from growing. Not inside another read of the same thread.
   */
  public <T extends @Nullable Object> T read(ReadFunction<T> function) throws IOException {
    enterRead();
    try {
      LmdbReadTxn txn = pinned == null ? beginRead() : pinned.resume();
      try {
        return function.apply(txn);
      } finally {
        endRead(txn);
      }
    } finally {
      gate.readLock().unlock();
      slots.release();
    }
  }

  private void endRead(LmdbReadTxn txn) {
    if (pinned == null) {
      txn.end();
      idle.push(txn);
    } else {
      txn.rest();
    }
  }

  private void enterRead() {
    if (gate.getReadHoldCount() > 0) {
      throw new IllegalStateException(
          "a read must not run inside another but does: two slots for one thread can deadlock. Use the outer transaction.");
    }
    slots.acquireUninterruptibly();
    gate.readLock().lock();
    if (closed) {
      gate.readLock().unlock();
      slots.release();
      throw new ClosedStoreException(file.toString());
    }
  }

  private LmdbReadTxn beginRead() throws IOException {
    LmdbReadTxn pooled = idle.poll();
    LmdbReadTxn txn =
        pooled == null
            ? LmdbFailure.guard(file, () -> new LmdbReadTxn(this, env.txnRead()))
            : pooled;
    boolean begun = false;
    try {
      txn.begin();
      begun = true;
      return txn;
    } catch (LmdbException e) {
      throw failure(e);
    } finally {
      if (!begun) {
        idle.push(txn);
      }
    }
  }

  /**
   * Runs {@code function} in a write transaction and commits durably. If it throws, nothing is
   * changed. If the map is too small, it is grown and the function runs again from the start: it
   * must not keep results of a run that was not the last.
   *
   * @throws DiskFullException if the commit failed, most likely for want of space; nothing is
   *     changed
   * @throws IllegalStateException from a virtual thread, inside a read or write of the same thread,
   *     or while another thread writes
   */
  public void write(WriteFunction function) throws IOException {
    enterWrite();
    try {
      while (!tryWrite(function)) {
        grow();
      }
    } finally {
      writer.unlock();
    }
  }

  private void enterWrite() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException(
          "a write must run on a platform thread but runs on a virtual one: LMDB's write lock belongs to a thread of the system.");
    }
    if (gate.getReadHoldCount() > 0 || writer.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a write must not run inside a read or write but does: growing the map would wait for itself.");
    }
    if (!writer.tryLock() && !closed) {
      throw new IllegalStateException(
          "one thread must write at a time but a second does: the caller has to queue its writes.");
    }
    if (closed) {
      if (writer.isHeldByCurrentThread()) {
        writer.unlock();
      }
      throw new ClosedStoreException(file.toString());
    }
  }

  /** Returns false if the map must grow first. */
  private boolean tryWrite(WriteFunction function) throws IOException {
    LmdbWriteTxn txn = beginWrite();
    try {
      function.apply(txn);
      if (!txn.mapFull()) {
        txn.commit(txn.changed());
        return true;
      }
    } catch (MapFullException e) {
      return false; // the commit itself needs pages for its free list
    } catch (LmdbException e) {
      throw LmdbFailure.ofChange(file, e);
    } catch (IOException | RuntimeException | Error e) {
      if (!txn.mapFull()) {
        throw e;
      }
    } finally {
      txn.close();
    }
    return false;
  }

  private LmdbWriteTxn beginWrite() throws IOException {
    Txn<MemorySegment> raw = LmdbFailure.guard(file, env::txnWrite);
    try {
      return new LmdbWriteTxn(this, raw, state(raw.getId() - 1));
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  private void grow() throws IOException {
    long mapBytes = 2 * bounds.bytes();
    gate.writeLock().lock(); // nobody reads; reset transactions look at the new map when they begin
    try {
      env.setMapSize(mapBytes);
      bounds = LmdbBounds.locate(env, tableNames, io, file);
      map.move(bounds.segment());
    } catch (LmdbException | IOException e) {
      closed = true; // LMDB has given up the old map before it failed to make the new one
      LmdbEnv.close(env, real);
      throw new IOException(
          "%s must be mapped with %d bytes but cannot be: address space is short. Raise the limit (ulimit -v) and open the database again."
              .formatted(file, mapBytes),
          e);
    } finally {
      gate.writeLock().unlock();
    }
  }

  /**
   * Reads the whole file, not through the map, and verifies every page, every reference between
   * pages and the checksum of every value, in the state at the start. Others read and write
   * meanwhile.
   *
   * @throws CorruptFileException naming the first damage
   */
  public void verify() throws IOException {
    boolean done = false;
    while (!done) {
      done =
          pinned == null
              ? this.<Boolean>read(txn -> verifyState(((LmdbReadTxn) txn).id()))
              : verifyNewest();
    }
  }

  /** The pinned state may be too old to find: its meta page is written over. */
  private boolean verifyNewest() throws IOException {
    enterRead();
    try (Txn<MemorySegment> newest = env.txnRead()) {
      return verifyState(newest.getId());
    } catch (LmdbException e) {
      throw failure(e);
    } finally {
      gate.readLock().unlock();
      slots.release();
    }
  }

  /**
   * Does the same before {@link #open}, for a file of doubtful health. Not while it is open.
   *
   * @throws CorruptFileException naming the first damage
   */
  public static void verify(DatabaseDirectory directory) throws IOException {
    directory.checkOpen();
    LmdbFile.verify(directory.io(), directory.metaPath().resolve(DATA_FILE));
  }

  /** Returns false if the meta page of this state is gone already: two commits were faster. */
  private boolean verifyState(long transactionId) throws IOException {
    try (FileHandle handle = io.open(file)) {
      List<LmdbMeta> metas = LmdbMeta.both(handle);
      boolean torn = !metas.equals(LmdbMeta.both(handle));
      for (LmdbMeta meta : metas) {
        if (!torn && meta.transactionId() == transactionId) {
          LmdbFile.verify(handle, meta);
          return true;
        }
      }
      return false;
    }
  }

  /**
   * Copies the newest committed state, without pages that are free, to an empty directory; durable
   * when this returns. Others read and write meanwhile.
   *
   * @return bytes of the copy
   */
  long copyTo(Path metaDirectory) throws IOException {
    Path copy = metaDirectory.resolve(DATA_FILE);
    enterRead();
    try {
      io.commit(
          copy,
          () -> {
            LmdbFailure.guard(copy, () -> LmdbCopy.compact(env, metaDirectory));
            LmdbCopy.restrict(copy);
            LmdbEnv.reserveLockFile(metaDirectory, new Options(LmdbEnv.SMALL_MAP_BYTES, 1), io);
            LmdbFailure.guard(copy, () -> LmdbCopy.stamp(metaDirectory, copy));
          });
      return io.size(copy);
    } finally {
      gate.readLock().unlock();
      slots.release();
    }
  }

  /** Sizes now. */
  public Stats stats() throws IOException {
    Map<String, Long> rows = new LinkedHashMap<>();
    read(txn -> {
      for (String table : tables.keySet()) {
        rows.put(table, txn.count(table));
      }
      return rows;
    });
    return new Stats(Collections.unmodifiableMap(rows), bounds.bytes(), io.size(file));
  }

  /**
   * Waits for running reads and the running write, then closes. New ones are refused at once. A
   * second close does nothing. Not inside a read or write.
   */
  @Override
  public void close() {
    if (gate.getReadHoldCount() > 0 || writer.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "close must not run inside a read or write but does: it would wait for itself.");
    }
    closed = true;
    writer.lock();
    gate.writeLock().lock();
    try {
      if (!env.isClosed()) {
        closeIdle();
        LmdbEnv.close(env, real);
      }
    } finally {
      gate.writeLock().unlock();
      writer.unlock();
    }
  }

  private void closeIdle() {
    if (pinned != null) {
      pinned.close();
    }
    for (LmdbReadTxn txn = idle.poll(); txn != null; txn = idle.poll()) {
      txn.discard();
    }
  }

  Path file() {
    return file;
  }

  Io io() {
    return io;
  }

  /** Offset of {@code segment} in the file, or -1 if it is not in the map. */
  long offset(MemorySegment segment) {
    return bounds.offset(segment);
  }

  /** The highest page in use by the last commit. */
  long lastPage() {
    return env.info().lastPageNumber;
  }

  LmdbTable stamps() {
    return stamps;
  }

  LmdbTable table(String name) {
    LmdbTable table = tables.get(name);
    if (table == null) {
      throw new IllegalArgumentException(
          "table must be one of %s but is '%s': the others are not open."
              .formatted(tables.keySet(), name));
    }
    return table;
  }

  /**
   * The state after a transaction which one that runs sees, or null if two later ones have
   * committed since that began.
   */
  @Nullable LmdbState state(long transactionId) throws IOException {
    LmdbState known = newest;
    if (known == null || known.transactionId() != transactionId) {
      known = LmdbState.of(map, transactionId, tables.keySet());
      newest = known;
    }
    return known;
  }

  /** Returns {@code segment} if LMDB can mean it, see {@link LmdbBounds#allow}. */
  MemorySegment checkInMap(MemorySegment segment, String table) throws CorruptFileException {
    if (!bounds.allow(segment)) {
      throw corrupt(
          segment,
          "length of a key or value in table " + table,
          "inside the map of %d bytes".formatted(bounds.bytes()),
          segment.byteSize() + " bytes");
    }
    return segment;
  }

  CorruptFileException corrupt(MemorySegment where, String field, String expected, String found) {
    return new CorruptFileException(file, offset(where), field, expected, found);
  }

  IOException failure(LmdbException e) {
    return LmdbFailure.of(file, e);
  }

  /** Reads in one consistent state. */
  @FunctionalInterface
  public interface ReadFunction<T extends @Nullable Object> {
    T apply(ReadTxn txn) throws IOException;
  }

  /** Changes tables. May run more than once, see {@link Lmdb#write}. */
  @FunctionalInterface
  public interface WriteFunction {
    void apply(WriteTxn txn) throws IOException;
  }

  /**
   * How to open.
   *
   * @param mapBytes address space to start with, at least 1 MiB; it grows by itself, which stops
   *     readers for a moment and waits for them
   * @param maxReaders read transactions at a time, 1..4096; more wait for their turn
   */
  public record Options(long mapBytes, int maxReaders) {

    public Options {
      if (mapBytes < LmdbEnv.SMALL_MAP_BYTES) {
        throw new IllegalArgumentException(
            "mapBytes must be at least %d but is %d: tables and free lists need some."
                .formatted(LmdbEnv.SMALL_MAP_BYTES, mapBytes));
      }
      if (maxReaders < 1 || maxReaders > 4096) {
        throw new IllegalArgumentException(
            "maxReaders must be 1..4096 but is %d: each has a slot in lock.mdb."
                .formatted(maxReaders));
      }
    }

    /** 64 GiB of address space, which is not memory, and 126 readers. */
    public static Options defaults() {
      return new Options(1L << 36, 126);
    }
  }

  /**
   * Sizes at one moment.
   *
   * @param rows rows per table, in the order given to {@link Lmdb#open}
   * @param mapBytes address space reserved for the file
   * @param fileBytes length of the file
   */
  public record Stats(Map<String, Long> rows, long mapBytes, long fileBytes) {}
}
