package io.firn.recovery;

import io.firn.FirnException;
import io.firn.Options;
import io.firn.RecoveryReport;
import io.firn.search.Snapshots;
import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.store.Lmdb;
import io.firn.write.Collections;
import io.firn.write.Engine;
import io.firn.write.Failures;
import io.firn.write.Table;
import io.firn.write.TableStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** From a path to a running engine. Whatever fails on the way, everything taken is given back. */
public final class Opening {

  private static final int READER_TRIES = 10;
  private static final long READER_PAUSE_NANOS = 5_000_000;

  private Opening() {}

  /** Opens a database without a disk. */
  public static Engine inMemory(Options options) {
    var report = new RecoveryReport(true, 0, 0, 0, 0, List.of(), List.of(), 0);
    return new Engine(
        new Engine.Parts(
            options,
            null,
            null,
            new TableStore(null),
            new Collections(),
            new Snapshots(0, List.of()),
            0,
            List.of(),
            report,
            false));
  }

  /** Opens or creates the database in a directory. */
  public static Engine open(Path path, Options options) {
    return open(path, options, Io.system());
  }

  /** As {@link #open(Path, Options)}, with all file access through {@code io}. */
  public static Engine open(Path path, Options options, Io io) {
    long startedAt = System.nanoTime();
    Lmdb.loadEarly();
    try {
      DatabaseDirectory directory = DatabaseDirectory.open(path, options.createIfMissing(), io);
      try {
        return open(directory, options, startedAt);
      } catch (Throwable e) {
        directory.close();
        throw e;
      }
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  /** Opens the database in a directory for reading, beside whoever writes to it. */
  public static Engine openReadOnly(Path path) {
    Lmdb.loadEarly();
    try {
      DatabaseDirectory directory = DatabaseDirectory.openReadOnly(path, Io.system());
      for (int tries = 1; ; tries++) {
        try {
          return openReadOnly(directory, System.nanoTime());
        } catch (CorruptFileException | NoSuchFileException | FirnException.Corrupt e) {
          if (tries == READER_TRIES) { // else the writer may have been faster than this look
            throw e;
          }
          LockSupport.parkNanos(tries * READER_PAUSE_NANOS);
        }
      }
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private static Engine openReadOnly(DatabaseDirectory directory, long startedAt)
      throws IOException {
    Lmdb lmdb = Lmdb.openReadOnly(directory, Table.storedNames());
    return recover(directory, lmdb, Options.DEFAULT, startedAt, true);
  }

  /** Opens what is in a directory, which the engine closes. */
  static Engine open(DatabaseDirectory directory, Options options, long startedAt)
      throws IOException {
    Lmdb lmdb = Lmdb.open(directory, Table.storedNames(), Lmdb.Options.defaults());
    return recover(directory, lmdb, options, startedAt, false);
  }

  private static Engine recover(
      DatabaseDirectory directory, Lmdb lmdb, Options options, long startedAt, boolean readOnly)
      throws IOException {
    try {
      return new Recovery(directory, lmdb, options, startedAt, readOnly).run();
    } catch (IllegalStateException | java.io.UncheckedIOException e) {
      lmdb.close();
      throw new FirnException.Corrupt(
          "%s must hold what Firn wrote but does not: %s. Restore a backup."
              .formatted(directory.metaPath(), e.getMessage()),
          e);
    } catch (Throwable e) {
      lmdb.close();
      throw e;
    }
  }
}
