package io.firn.store;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * One page of a tree in LMDB's file, and what LMDB 0.9 takes on trust in it: it follows a pointer
 * of 16 bits and a key size of 16 bits wherever they lead. Little-endian machines, as LMDB writes
 * its structures in the machine's order and no supported one is big-endian.
 *
 * <pre>
 * page     0  8  number      8  2  -      10  2  flags     12  2  end of pointers
 *         14  2  start of nodes (12 4 pages, if overflow)  16  2n pointers to nodes
 * node     0  2  low         2  2  high    4  2  flags      6  2  key bytes    8  key, then value
 *          leaf: high|low value bytes; branch: flags|high|low child page
 * </pre>
 *
 * @param file for errors
 * @param number of the page
 * @param bytes all of the page, and of an overflow page those behind it
 */
record LmdbPage(Path file, long number, MemorySegment bytes) {

  static final int HEADER_BYTES = 16;
  static final int BIG_VALUE_NODE = 0x01;
  static final int SUBTREE_NODE = 0x02;

  private static final int BRANCH = 0x01;
  private static final int LEAF = 0x02;
  private static final int OVERFLOW = 0x04;
  private static final int KINDS = 0x7f;

  private static final int NODE_HEADER_BYTES = 8;
  private static final int MAX_KEY_BYTES = 511;

  private static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG = JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfLong BYTES_OF_8 = JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  /** The array that has the page, if it is on the heap. */
  byte[] array() {
    return (byte[]) bytes.heapBase().orElseThrow();
  }

  /** Nodes, if {@link #requirePointers} holds. */
  int count() {
    return (unsignedShort(12) - HEADER_BYTES) / Short.BYTES;
  }

  byte[] key(int i) {
    int at = node(i) + NODE_HEADER_BYTES;
    return bytes.asSlice(at, keyBytes(i)).toArray(JAVA_BYTE);
  }

  int flags(int i) {
    return unsignedShort(node(i) + 4);
  }

  /** The page below node {@code i} of a branch. */
  long child(int i) {
    return Integer.toUnsignedLong(bytes.get(INT, node(i))) | (long) flags(i) << Integer.SIZE;
  }

  /** Bytes in the value of node {@code i} of a leaf, wherever it is. */
  long valueBytes(int i) {
    return Integer.toUnsignedLong(bytes.get(INT, node(i)));
  }

  boolean isBig(int i) {
    return (flags(i) & BIG_VALUE_NODE) != 0;
  }

  /** The value in node {@code i} of a leaf: all of it, or the number of its first page. */
  MemorySegment value(int i) {
    return bytes.asSlice(valueAt(i), isBig(i) ? Long.BYTES : valueBytes(i));
  }

  /** The first page of a big value. */
  long overflow(int i) {
    return bytes.get(LONG, valueAt(i));
  }

  /** Place of {@code key} in a leaf; if it is not there, {@code ~} of the place it would have. */
  int search(MemorySegment key) {
    return search(key, 0);
  }

  /** The node of a branch below which {@code key} is. The first one's key does not count. */
  int childFor(MemorySegment key) {
    int i = search(key, 1);
    return i >= 0 ? i : ~i - 1;
  }

  private int search(MemorySegment key, int first) {
    int low = first;
    int high = count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = compare(middle, key, 0, key.byteSize());
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return ~low;
  }

  /** Order of key {@code i} and key {@code j} of another page. */
  int compare(int i, LmdbPage other, int j) {
    long at = (long) other.node(j) + NODE_HEADER_BYTES;
    return compare(i, other.bytes, at, at + other.keyBytes(j));
  }

  private int compare(int i, MemorySegment other, long from, long to) {
    long at = (long) node(i) + NODE_HEADER_BYTES;
    long size = keyBytes(i);
    long common = Math.min(size, to - from);
    long same = 0;
    while (same + Long.BYTES <= common) { // most keys differ in their first or second 8 bytes
      long one = bytes.get(BYTES_OF_8, at + same);
      long another = other.get(BYTES_OF_8, from + same);
      if (one != another) {
        return Long.compareUnsigned(one, another);
      }
      same += Long.BYTES;
    }
    for (; same < common; same++) {
      int order =
          Byte.compareUnsigned(bytes.get(JAVA_BYTE, at + same), other.get(JAVA_BYTE, from + same));
      if (order != 0) {
        return order;
      }
    }
    return Long.compare(size, to - from);
  }

  /** Verifies everything that LMDB follows or moves when it reads or changes a page. */
  void verify(boolean leaf, LmdbRows rows, long pages) throws CorruptFileException {
    requireNumber();
    requireKind(leaf);
    requirePointers();
    int start = unsignedShort(14);
    int end = (int) bytes.byteSize();
    expect("start of nodes", start >= unsignedShort(12) && start <= end, "in the page", start);
    expect("number of nodes", count() >= rows.leastNodes(leaf), "more", count());
    int first = leaf ? 0 : 1; // of those whose key counts
    int used = 0;
    for (int i = 0; i < count(); i++) {
      requireNode(i);
      expect("node pointer", node(i) >= start && node(i) % 2 == 0, "even, of a node", node(i));
      boolean ascending = rows == LmdbRows.FREE_PAGES || i <= first || compare(i - 1, this, i) < 0;
      expect("order of keys", ascending, "ascending", i);
      used += leaf ? verifyRow(i, rows, pages) : verifyChild(i, pages);
    }
    expect("size of all nodes", used <= end - start, "at most that of their place", used);
  }

  /** Returns the bytes of the node. */
  private int verifyRow(int i, LmdbRows rows, long pages) throws CorruptFileException {
    int keyBytes = keyBytes(i);
    expect("key size", keyBytes > 0 && keyBytes <= MAX_KEY_BYTES, "1..511", keyBytes);
    expect("node flags", (flags(i) & ~rows.nodeFlags()) == 0, "of a row", flags(i));
    requireValue(i);
    if (isBig(i)) {
      requirePage(overflow(i), pages);
    }
    return even(NODE_HEADER_BYTES + keyBytes + (int) value(i).byteSize());
  }

  private int verifyChild(int i, long pages) throws CorruptFileException {
    requirePage(child(i), pages);
    return even(NODE_HEADER_BYTES + keyBytes(i));
  }

  private static int even(int bytes) {
    return bytes + 1 & -2;
  }

  private void requirePage(long page, long pages) throws CorruptFileException {
    expect("page number", page >= 2 && page < pages, "inside the file", page);
  }

  void requireNumber() throws CorruptFileException {
    long found = bytes.get(LONG, 0);
    expect("page number", found == number, "of this page", found);
  }

  boolean requireBranchOrLeaf() throws CorruptFileException {
    expect("page flags", kind() == BRANCH || kind() == LEAF, "branch or leaf", kind());
    return kind() == BRANCH;
  }

  void requireKind(boolean leaf) throws CorruptFileException {
    expect("page flags", kind() == (leaf ? LEAF : BRANCH), leaf ? "leaf" : "branch", kind());
  }

  /** Verifies the first page of a value that is not in its leaf. */
  void requireOverflow(int count, long pages) throws CorruptFileException {
    requireNumber();
    expect("page flags", kind() == OVERFLOW, "overflow", kind());
    long found = Integer.toUnsignedLong(bytes.get(INT, 12));
    boolean enough = found >= count && found <= pages - number;
    expect("number of overflow pages", enough, "as its value needs", found);
  }

  void requirePointers() throws CorruptFileException {
    int end = unsignedShort(12);
    boolean inPage = end >= HEADER_BYTES && end <= bytes.byteSize() && end % Short.BYTES == 0;
    expect("end of pointers", inPage, "in the page", end);
  }

  /** Verifies that a node and its key are in the page. */
  void requireNode(int i) throws CorruptFileException {
    int at = node(i);
    long room = bytes.byteSize() - at - NODE_HEADER_BYTES;
    expect("node pointer", at >= HEADER_BYTES && room >= 0, "in the page", at);
    expect("key size", keyBytes(i) <= room, "in the page", keyBytes(i));
  }

  /** Verifies that the value of a leaf's node, or the number of its page, is in this page. */
  void requireValue(int i) throws CorruptFileException {
    long room = bytes.byteSize() - valueAt(i);
    long found = isBig(i) ? Long.BYTES : valueBytes(i);
    expect("value size", found <= room, "in the page", found);
  }

  private int node(int i) {
    return unsignedShort(HEADER_BYTES + (long) i * Short.BYTES);
  }

  private int keyBytes(int i) {
    return unsignedShort(node(i) + 6);
  }

  private int valueAt(int i) {
    return node(i) + NODE_HEADER_BYTES + keyBytes(i);
  }

  private int kind() {
    return bytes.get(SHORT, 10) & KINDS;
  }

  private int unsignedShort(long at) {
    return Short.toUnsignedInt(bytes.get(SHORT, at));
  }

  /** Throws, unless {@code holds}, an error that names this page. No text is made before that. */
  void expect(String field, boolean holds, String expected, long found)
      throws CorruptFileException {
    if (!holds) {
      long at = number * bytes.byteSize();
      throw new CorruptFileException(file, at, "LMDB " + field, expected, Long.toString(found));
    }
  }
}
