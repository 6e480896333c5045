package io.firn;

import io.firn.store.MachineMemory;

/**
 * How a database is opened. Immutable; start from {@link #DEFAULT}.
 *
 * @param durability of writes that do not ask for another
 * @param createIfMissing whether an absent directory becomes an empty database
 * @param sealRows rows that a collection gathers in memory before they are sealed into files,
 *     1,000..10,000,000
 * @param memoryBytes that the database should need of the machine, at least 1 MiB: bulk loads and
 *     merges make no larger segments than can be built in it, and compact forms of segments that
 *     are not in memory ({@link Tier#WARM}) take no more
 */
public record Options(
    Durability durability, boolean createIfMissing, int sealRows, long memoryBytes) {

  private static final long MIN_MEMORY_BYTES = 1 << 20;

  /**
   * Full durability, create if missing, seal at 100,000 rows, half of the memory that the machine
   * or the process's control group has.
   */
  public static final Options DEFAULT =
      new Options(
          Durability.FULL,
          true,
          100_000,
          Math.max(MIN_MEMORY_BYTES, MachineMemory.availableBytes() / 2));

  public Options {
    if (sealRows < 1_000 || sealRows > 10_000_000) {
      throw new FirnException.InvalidInput(
          "sealRows must be 1000..10000000 but is %d: every segment costs each search, and unsealed rows cost memory. Choose a value in the range."
              .formatted(sealRows));
    }
    if (memoryBytes < MIN_MEMORY_BYTES) {
      throw new FirnException.InvalidInput(
          "memoryBytes must be at least %d but is %d: less holds no segment worth a file. Leave it out if unsure."
              .formatted(MIN_MEMORY_BYTES, memoryBytes));
    }
  }

  public Options withDurability(Durability durability) {
    return new Options(durability, createIfMissing, sealRows, memoryBytes);
  }

  public Options withCreateIfMissing(boolean createIfMissing) {
    return new Options(durability, createIfMissing, sealRows, memoryBytes);
  }

  public Options withSealRows(int sealRows) {
    return new Options(durability, createIfMissing, sealRows, memoryBytes);
  }

  public Options withMemoryBytes(long memoryBytes) {
    return new Options(durability, createIfMissing, sealRows, memoryBytes);
  }
}
