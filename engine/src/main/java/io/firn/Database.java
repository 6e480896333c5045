package io.firn;

import io.firn.recovery.Verification;
import io.firn.simd.Kernels;
import io.firn.write.Engine;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * An open database: named collections in one directory, or in memory. Safe for any thread, virtual
 * ones too. Close it; a crash instead loses nothing that was acknowledged, see {@link Durability}.
 */
public final class Database implements AutoCloseable {

  private final Engine engine;

  Database(Engine engine) {
    this.engine = engine;
  }

  /**
   * The collection of that name, created if it does not exist.
   *
   * @param name 1..64 of {@code A-Z a-z 0-9 _ -}, not beginning with {@code _}
   * @throws FirnException.Conflict if it exists with another spec, naming both
   * @throws FirnException.InvalidInput if the name is not allowed
   */
  public Collection collection(String name, CollectionSpec spec) {
    return new Collection(this, engine.create(name, spec));
  }

  /**
   * The collection of that name.
   *
   * @throws FirnException.NotFound if there is none, naming those there are
   */
  public Collection collection(String name) {
    return new Collection(this, engine.find(name));
  }

  /** Names in alphabetical order. */
  public List<String> collections() {
    return engine.collections().names();
  }

  /**
   * Runs {@code writes} and commits what it asked for, all or nothing. If it throws, nothing is
   * written and the exception is passed on.
   */
  public void write(Consumer<Transaction> writes) {
    write(engine.options().durability(), writes);
  }

  /** As {@link #write(Consumer)}, with a durability of its own. */
  public void write(Durability durability, Consumer<Transaction> writes) {
    var transaction = new Transaction(this);
    try {
      writes.accept(transaction);
    } finally {
      transaction.end();
    }
    engine.write(transaction.end(), durability);
  }

  /**
   * Returns when everything written before is committed to disk and linked into its graph, so that
   * the next open has nothing to catch up with.
   */
  public void flush() {
    engine.flush();
  }

  /** Sizes and state now. */
  public DatabaseStats stats() {
    Map<String, CollectionStats> collections = new LinkedHashMap<>();
    for (String name : collections()) {
      collections.put(name, collection(name).stats());
    }
    return new DatabaseStats(
        java.util.Collections.unmodifiableMap(collections),
        engine.sequence(),
        engine.options().durability(),
        Kernels.describe(),
        Kernels.laneBits(),
        engine.lmdbBytes(),
        engine.options().memoryBytes(),
        engine.snapshots().count(),
        engine.writable(),
        Arrays.stream(Tier.values())
            .map(tier -> TierStats.of(tier, List.copyOf(collections.values())))
            .toList(),
        engine.tiers().moves(),
        engine.tiers().lastMoves());
  }

  /**
   * Copies the database, as it is now, to another directory, while reads and writes go on. Every
   * byte is compared with its checksum. The copy is a database like any other, for {@link
   * Firn#restore} or {@link Firn#open}; it is there as a whole, and durable, or not at all.
   *
   * @param target absent or an empty directory
   * @throws FirnException.Storage if the file system refuses, or the target is neither
   * @throws FirnException.Corrupt if this database is damaged, naming the file
   */
  public BackupReport backup(Path target) {
    return engine.backups().backup(target, false);
  }

  /**
   * As {@link #backup}, but segment files, which never change, get a second name in place of a copy
   * where both directories are on one file system: done in moments and nearly without space. It
   * does not read them. Protects from mistakes and from a damaged LMDB file, not from a damaged
   * disk.
   */
  public BackupReport backupByLinks(Path target) {
    return engine.backups().backup(target, true);
  }

  /**
   * As {@link #backup}, to a new directory in {@code parent} named by the time, such as {@code
   * 20261120T131502017Z}. Then deletes older backups of this database there, but never one that
   * somebody has open, nor anything else.
   *
   * @param keep how many backups of this database stay, the new one included; 1 or more
   * @param linked as {@link #backupByLinks}
   */
  public BackupReport backupInto(Path parent, int keep, boolean linked) {
    if (keep < 1) {
      throw new FirnException.InvalidInput(
          "keep must be 1 or more but is %d: the new backup is one of them. Use 7 for a week of days."
              .formatted(keep));
    }
    return engine.backups().backupInto(parent, keep, linked);
  }

  /**
   * Stops merges of segments in the background where they are, for a time in which searches must
   * have the machine to themselves; writes and {@link Collection#optimize} go on.
   */
  public void pauseMerges() {
    engine.pauseMerges(true);
  }

  /** Lets merges go on. They take at most half of one core while they keep up with the writes. */
  public void resumeMerges() {
    engine.pauseMerges(false);
  }

  /**
   * Returns when no sealed segments are left to merge, or merges are paused. It may take minutes,
   * and begins with what is sealed: {@link #flush} before it.
   */
  public void awaitMerges() {
    engine.awaitMerges();
  }

  /**
   * Leaves segments in the {@link Tier} where they are, until {@link #resumeMoves}; one that is
   * being brought to another stays too.
   */
  public void pauseMoves() {
    engine.tiers().pause(true);
  }

  /**
   * Lets segments be brought again where searches wait for them least, within {@link
   * Options#memoryBytes}. That takes at most half of one core.
   */
  public void resumeMoves() {
    engine.tiers().pause(false);
  }

  /** What opening found and did. */
  public RecoveryReport recovery() {
    return engine.recovery();
  }

  /**
   * Reads everything and checks it: each block of each file against its checksum, each live row's
   * record, id and vector, each graph's structure. Reads and writes go on meanwhile.
   */
  public VerifyReport verify() {
    return Verification.run(engine);
  }

  /**
   * Commits what waits, checkpoints the graphs, and releases files, lock and memory. A search that
   * runs on another thread ends well or with {@link FirnException.Closed}. Idempotent.
   */
  @Override
  public void close() {
    engine.close();
  }

  Engine engine() {
    return engine;
  }
}
