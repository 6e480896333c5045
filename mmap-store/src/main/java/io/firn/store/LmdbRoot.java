package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * LMDB's record of a table, 48 bytes little-endian, in the table of tables.
 *
 * <pre>
 * offset  bytes  field
 *      0      4  key size  0: keys have any
 *      4      2  flags     0
 *      6      2  depth     pages from the root to a row, 0 if empty
 *     32      8  rows
 *     40      8  root page, -1 if empty
 * </pre>
 */
record LmdbRoot(int depth, long rows, long page) {

  static final int BYTES = 48;
  private static final int MAX_DEPTH = 32;

  private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** What a record says, of 48 bytes or more. */
  static LmdbRoot read(MemorySegment record) {
    int depth = Short.toUnsignedInt(record.get(SHORT, 6));
    return new LmdbRoot(depth, record.get(LONG, 32), record.get(LONG, 40));
  }

  /**
   * Reads and verifies a record.
   *
   * @param nodeFlags of the node that has it
   * @param pages that there are
   */
  static LmdbRoot decode(Path file, String table, int nodeFlags, MemorySegment record, long pages)
      throws CorruptFileException {
    expect(file, -1, "LMDB node flags of table " + table, LmdbPage.SUBTREE_NODE, nodeFlags);
    expect(file, -1, "LMDB record bytes of table " + table, BYTES, record.byteSize());
    expect(file, -1, "LMDB key size of table " + table, 0, record.get(INT, 0));
    expect(file, -1, "LMDB flags of table " + table, 0, record.get(SHORT, 4));
    LmdbRoot root = read(record);
    if (!root.isPlausible(pages)) {
      throw new CorruptFileException(
          file, -1, "LMDB root of table " + table, "a page of the file, or none", root.toString());
    }
    return root;
  }

  private boolean isPlausible(long pages) {
    return isEmpty()
        ? depth == 0 && rows == 0
        : depth > 0 && depth <= MAX_DEPTH && rows > 0 && page >= 2 && page < pages;
  }

  boolean isEmpty() {
    return page == -1;
  }
}
