package io.firn;

/**
 * How a database is opened. Immutable; start from {@link #DEFAULT}.
 *
 * @param durability of writes that do not ask for another
 * @param createIfMissing whether an absent directory becomes an empty database
 * @param sealRows rows that a collection gathers in memory before they are sealed into files,
 *     1,000..10,000,000
 */
public record Options(Durability durability, boolean createIfMissing, int sealRows) {

  /** Full durability, create if missing, seal at 100,000 rows. */
  public static final Options DEFAULT = new Options(Durability.FULL, true, 100_000);

  public Options {
    if (sealRows < 1_000 || sealRows > 10_000_000) {
      throw new FirnException.InvalidInput(
          "sealRows must be 1000..10000000 but is %d: every segment costs each search, and unsealed rows cost memory. Choose a value in the range."
              .formatted(sealRows));
    }
  }

  public Options withDurability(Durability durability) {
    return new Options(durability, createIfMissing, sealRows);
  }

  public Options withCreateIfMissing(boolean createIfMissing) {
    return new Options(durability, createIfMissing, sealRows);
  }

  public Options withSealRows(int sealRows) {
    return new Options(durability, createIfMissing, sealRows);
  }
}
