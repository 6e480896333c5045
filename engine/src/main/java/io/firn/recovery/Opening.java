package io.firn.recovery;

import io.firn.FirnException;
import io.firn.Options;
import io.firn.RecoveryReport;
import io.firn.search.Snapshots;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.store.Lmdb;
import io.firn.write.Collections;
import io.firn.write.Engine;
import io.firn.write.Failures;
import io.firn.write.Table;
import io.firn.write.TableStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** From a path to a running engine. Whatever fails on the way, everything taken is given back. */
public final class Opening {

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
            report));
  }

  /** Opens or creates the database in a directory. */
  public static Engine open(Path path, Options options) {
    return open(path, options, Io.system());
  }

  /** As {@link #open(Path, Options)}, with all file access through {@code io}. */
  public static Engine open(Path path, Options options, Io io) {
    long startedAt = System.nanoTime();
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

  private static Engine open(DatabaseDirectory directory, Options options, long startedAt)
      throws IOException {
    Lmdb lmdb = Lmdb.open(directory, Table.storedNames(), Lmdb.Options.defaults());
    try {
      return new Recovery(directory, lmdb, options, startedAt).run();
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
