package io.firn.write;

/**
 * The version of a row: another one after every write of it. A row number is given once, and counts
 * for writes of the row; a revision counts updates of its metadata alone. 0 is no row.
 */
final class Versions {

  private Versions() {}

  static long of(int rowNumber, int revision) {
    return (rowNumber + 1L) << Integer.SIZE | Integer.toUnsignedLong(revision);
  }
}
