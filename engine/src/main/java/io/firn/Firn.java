package io.firn;

import io.firn.recovery.Opening;
import io.firn.recovery.Restoring;
import io.firn.recovery.Salvage;
import java.nio.file.Path;

/** The way in: opens a database in a directory, or one that lives in memory only. */
public final class Firn {

  private Firn() {}

  /** Opens the database in {@code path} with {@link Options#DEFAULT}, creating it if absent. */
  public static Database open(Path path) {
    return open(path, Options.DEFAULT);
  }

  /**
   * Opens the database in {@code path}. One process and one {@link Database} own a directory at a
   * time. The first open after a crash recovers by itself: see {@link Database#recovery()}.
   *
   * @throws FirnException.Locked if another process, or this one, has it open already
   * @throws FirnException.Corrupt if a file cannot have been written by Firn, naming the file
   * @throws FirnException.Unsupported if a newer version of Firn wrote it
   * @throws FirnException.NotFound if it does not exist and {@link Options#createIfMissing()} is
   *     false
   * @throws FirnException.Storage if the file system refuses
   */
  public static Database open(Path path, Options options) {
    return new Database(Opening.open(path, options));
  }

  /**
   * Opens the database in {@code path} for reading, also while another process writes to it. It
   * shows what is committed at this moment until it is closed, and refuses every write. So long the
   * writer's LMDB file cannot use again the pages that it frees: open anew from time to time.
   *
   * <p>Rows that the writer has not sealed are loaded into memory and scanned.
   *
   * @throws FirnException.Locked if this process has it open already
   * @throws FirnException.NotFound if it does not exist
   * @throws FirnException.Corrupt if a file is damaged, or derived files are missing, which an
   *     opening for writing makes again
   */
  public static Database openReadOnly(Path path) {
    return new Database(Opening.openReadOnly(path));
  }

  /**
   * Copies a backup to where it is to be used. Every byte is compared with its checksum and the
   * parts with each other before the copy is there under its name; nothing is replaced, and nothing
   * in the backup is changed but its LOCK.
   *
   * @param backup what {@link Database#backup} made; nobody may have it open
   * @param target absent or an empty directory
   * @return what was verified
   * @throws FirnException.Corrupt if the backup is damaged, naming the first damage; nothing is
   *     restored
   */
  public static VerifyReport restore(Path backup, Path target) {
    return Restoring.run(backup, target);
  }

  /**
   * Writes what can be read of a damaged database into a new one: every row whose record and vector
   * are proven by their checksums. The damaged one is only read; nobody may have it open. The new
   * one gets its name when all of it is there.
   *
   * @param target absent or an empty directory
   * @return what was lost, among others
   * @throws FirnException.Corrupt if nothing can be read at all
   * @throws FirnException.Storage if the file system refuses; nothing is left behind
   */
  public static SalvageReport salvage(Path damaged, Path target) {
    return Salvage.run(damaged, target);
  }

  /** A database without a disk: the same semantics, gone when it is closed. */
  public static Database inMemory() {
    return inMemory(Options.DEFAULT);
  }

  /**
   * As {@link #inMemory()}; of {@code options} only the sizes matter, durability has no meaning.
   */
  public static Database inMemory(Options options) {
    return new Database(Opening.inMemory(options));
  }
}
