package io.firn.store;

import static org.lmdbjava.EnvFlags.MDB_NORDAHEAD;
import static org.lmdbjava.EnvFlags.MDB_NOTLS;

import io.firn.store.Lmdb.Options;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.lmdbjava.Env;
import org.lmdbjava.EnvFlags;
import org.lmdbjava.LmdbException;

/** Makes and opens environments, none twice at a time in a process. Safe for any thread. */
final class LmdbEnv {

  static final int MAX_TABLES = 128;
  static final long SMALL_MAP_BYTES = 1 << 20;

  private static final String LOCK_FILE = "lock.mdb";
  private static final int LOCK_HEADER_BYTES = 4_096; // more than any LMDB needs
  private static final int READER_SLOT_BYTES = 64;
  private static final int OWNER_ONLY = 0600;

  /** Files open in this process: LMDB goes wrong if one is opened twice. */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private LmdbEnv() {}

  /** Makes an instance of an environment. */
  interface LmdbMaker {
    Lmdb of(Env<MemorySegment> env) throws IOException;
  }

  /** Opens the environment of a directory, whose file is checked before LMDB maps it. */
  static Lmdb open(DatabaseDirectory directory, Options options, LmdbMaker maker, EnvFlags... flags)
      throws IOException {
    directory.checkOpen();
    Path file = directory.metaPath().resolve(Lmdb.DATA_FILE);
    Io io = directory.io();
    LmdbFile.check(io, file, flags.length == 0);
    Path real = file.toRealPath();
    if (!OPEN.add(real)) {
      throw new StoreLockedException(directory.path(), LockHolder.self());
    }
    Env<MemorySegment> env = null;
    try {
      LmdbNative.load();
      long mapBytes = Math.max(options.mapBytes(), 2 * io.size(file));
      reserveLockFile(directory.metaPath(), options, io);
      env = LmdbFailure.guard(file, () -> openEnv(directory.metaPath(), mapBytes, options, flags));
      return maker.of(env);
    } catch (LmdbException e) {
      close(env, real);
      throw LmdbFailure.of(file, e);
    } catch (IOException | RuntimeException | Error e) {
      close(env, real);
      throw e;
    }
  }

  /** Closes an environment, if it came so far, and lets its file be opened again. */
  static void close(@Nullable Env<MemorySegment> env, Path real) {
    if (env != null) {
      env.close();
    }
    OPEN.remove(real);
  }

  /** Makes an empty, durable environment in {@code metaDirectory}. */
  static void create(Path metaDirectory, Io io) throws IOException {
    LmdbNative.load();
    Path file = metaDirectory.resolve(Lmdb.DATA_FILE);
    reserveLockFile(metaDirectory, new Options(SMALL_MAP_BYTES, 1), io);
    io.commit(file, () -> LmdbFailure.guard(file, () -> createEnv(metaDirectory)));
    io.forceDirectory(metaDirectory);
  }

  private static boolean createEnv(Path metaDirectory) {
    try (Env<MemorySegment> env =
        openEnv(metaDirectory, SMALL_MAP_BYTES, new Options(SMALL_MAP_BYTES, 1))) {
      env.sync(true);
      return true;
    }
  }

  /**
   * Gives LMDB's lock file its space before LMDB maps it: it would only set the length, and the
   * first reader to touch a new page of it on a full disk would end the process by SIGBUS.
   */
  static void reserveLockFile(Path metaDirectory, Options options, Io io) throws IOException {
    Path lockFile = metaDirectory.resolve(LOCK_FILE);
    try (FileHandle handle = io.exists(lockFile) ? io.open(lockFile) : io.create(lockFile)) {
      handle.preallocate(LOCK_HEADER_BYTES + (options.maxReaders() + 1L) * READER_SLOT_BYTES);
    }
  }

  static Env<MemorySegment> openEnv(
      Path metaDirectory, long mapBytes, Options options, EnvFlags... flags) {
    EnvFlags[] all = Arrays.copyOf(flags, flags.length + 2);
    all[flags.length] = MDB_NOTLS;
    all[flags.length + 1] = MDB_NORDAHEAD;
    Env<MemorySegment> env =
        Env.create(new LmdbProxy())
            .setMapSize(mapBytes)
            .setMaxDbs(MAX_TABLES)
            .setMaxReaders(options.maxReaders() + 1) // one to locate the map with
            .open(metaDirectory.toFile(), OWNER_ONLY, all);
    env.readerCheck(); // frees what a killed process left
    return env;
  }
}
