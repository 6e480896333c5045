package io.firn;

import io.firn.recovery.Opening;
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
