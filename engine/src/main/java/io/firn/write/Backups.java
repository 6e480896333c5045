package io.firn.write;

import io.firn.BackupReport;
import io.firn.Durability;
import io.firn.FirnException;
import io.firn.store.CopySeries;
import io.firn.store.DatabaseDirectory;
import io.firn.store.DirectoryCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Copies of an open database. Thread-safe. */
public final class Backups {

  private final @Nullable DatabaseDirectory directory;
  private final TableStore tables;
  private final WriteQueue queue;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Of one database.
   *
   * @param directory null in memory
   */
  Backups(@Nullable DatabaseDirectory directory, TableStore tables, WriteQueue queue) {
    this.directory = directory;
    this.tables = tables;
    this.queue = queue;
  }

  /** Copies everything written before, while reads and writes go on. */
  public BackupReport backup(Path target, boolean linked) {
    long startedAt = System.nanoTime();
    DirectoryCopy copy = References.copy(durableDirectory());
    queue.execute(List.of(new Operation.Barrier()), Durability.FULL);
    try {
      tables.copy(copy, target, linked);
    } catch (IOException e) {
      throw Failures.of(e);
    }
    return new BackupReport(target, copy.files(), copy.bytes(), System.nanoTime() - startedAt);
  }

  /** As {@link #backup} to a new directory in {@code parent}, where only the newest are kept. */
  public BackupReport backupInto(Path parent, int keep, boolean linked) {
    lock.lock(); // names and numbers of backups are looked at, then used
    try {
      var series = new CopySeries(durableDirectory(), parent);
      BackupReport report = backup(series.next(), linked);
      series.keepNewest(keep);
      return report;
    } catch (IOException e) {
      throw Failures.of(e);
    } finally {
      lock.unlock();
    }
  }

  private DatabaseDirectory durableDirectory() {
    if (directory == null) {
      throw new FirnException.InvalidInput(
          "a backup must be of a database in a directory but this one is in memory: it has no files. Scan it instead.");
    }
    return directory;
  }
}
