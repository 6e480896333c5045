package io.firn;

import io.firn.recovery.Verification;
import io.firn.simd.Kernels;
import io.firn.write.Engine;
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
        engine.snapshots().count(),
        engine.writable());
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
