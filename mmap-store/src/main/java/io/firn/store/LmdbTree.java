package io.firn.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Walks the pages of LMDB's file by reading, never through the map, and proves that every page,
 * node and value is where it must be: what LMDB 0.9 takes on trust. Little-endian machines, as LMDB
 * writes its structures in the machine's order and no supported one is big-endian.
 *
 * <pre>
 * page     0  8  number      8  2  -      10  2  flags     12  2  end of pointers
 *         14  2  start of nodes (12 4 pages, if overflow)  16  2n pointers to nodes
 * node     0  2  low         2  2  high    4  2  flags      6  2  key bytes    8  key, then value
 *          leaf: high|low value bytes; branch: flags|high|low child page
 * tree     4  2  flags       6  2  depth  32  8  rows      40  8  root page, -1 if empty
 * </pre>
 */
final class LmdbTree {

  /** Sees the rows of one tree in order. */
  interface RowVisitor {
    void visit(byte[] key, int nodeFlags, ByteBuffer value) throws IOException;
  }

  /** Hears of damage, behind which a walk goes on. */
  interface Damage {
    void at(CorruptFileException damage) throws IOException;
  }

  /** For walks that damage ends. */
  private static final Damage ENDS =
      damage -> {
        throw damage;
      };

  static final int BIG_VALUE_NODE = 0x01;
  static final int SUBTREE_NODE = 0x02;

  private static final int BRANCH_PAGE = 0x01;
  private static final int LEAF_PAGE = 0x02;
  private static final int OVERFLOW_PAGE = 0x04;
  private static final int PAGE_KINDS = 0x7f;
  private static final int PAGE_HEADER_BYTES = 16;
  private static final int NODE_HEADER_BYTES = 8;
  private static final int MAX_DEPTH = 32;

  private final FileHandle file;
  private final Path path;
  private final int pageBytes;
  private final long pages;
  private final BitSet seen = new BitSet();

  LmdbTree(FileHandle file, LmdbMeta meta) throws IOException {
    this.file = file;
    this.path = file.path();
    this.pageBytes = meta.pageBytes();
    this.pages = Math.min(meta.lastPage() + 1, file.size() / meta.pageBytes());
  }

  /** What a tree turned out to be: rows, and pages from its root to a row. */
  record Shape(long rows, int depth) {}

  /**
   * Walks the tree at page {@code root}, -1 if it is empty, and returns its shape.
   *
   * @param order of the keys
   */
  Shape walk(long root, Comparator<byte[]> order, RowVisitor visitor) throws IOException {
    Walk walk = new Walk(order, visitor, ENDS);
    return root == -1 ? new Shape(0, 0) : new Shape(walk.walk(root, 1), walk.leafDepth);
  }

  /** Walks what can be reached of a tree; rows of which {@code visitor} throws are damage too. */
  void walkSound(long root, Comparator<byte[]> order, RowVisitor visitor, Damage damage)
      throws IOException {
    try {
      if (root != -1) {
        new Walk(order, visitor, damage).walk(root, 1);
      }
    } catch (CorruptFileException e) {
      damage.at(e);
    }
  }

  /** One tree, in order. */
  private final class Walk {

    private final Comparator<byte[]> order;
    private final RowVisitor visitor;
    private final Damage damage;
    private byte @Nullable []
        previous; // key of a row, or of a branch: then the next row may equal it
    private boolean previousIsRow;
    private int leafDepth; // 0 before the first leaf; the same for all

    Walk(Comparator<byte[]> order, RowVisitor visitor, Damage damage) {
      this.order = order;
      this.visitor = visitor;
      this.damage = damage;
    }

    long walk(long pageNumber, int depth) throws IOException {
      ByteBuffer page = page(pageNumber, 1);
      int flags = page.getShort(10) & PAGE_KINDS;
      boolean branch = flags == BRANCH_PAGE;
      expect(pageNumber, "page flags", branch || flags == LEAF_PAGE, "branch or leaf", flags);
      expect(pageNumber, "tree depth", depth <= MAX_DEPTH, "at most 32", depth);
      if (!branch) {
        boolean level = leafDepth == 0 || leafDepth == depth;
        expect(pageNumber, "tree depth", level, Integer.toString(leafDepth), depth);
        leafDepth = depth;
      }
      int pointersEnd = pointersEnd(page, pageNumber);
      long rows = 0;
      for (int at = PAGE_HEADER_BYTES; at < pointersEnd; at += Short.BYTES) {
        try {
          rows += walkNode(page, pageNumber, at, branch, depth);
        } catch (CorruptFileException e) {
          damage.at(e);
          previous = null; // of the row or page that is left out
        }
      }
      return rows;
    }

    private long walkNode(ByteBuffer page, long pageNumber, int at, boolean branch, int depth)
        throws IOException {
      ByteBuffer node = node(page, pageNumber, Short.toUnsignedInt(page.getShort(at)));
      boolean first = at == PAGE_HEADER_BYTES; // its key does not count in a branch
      if (!branch || !first) {
        advance(pageNumber, key(node), !branch);
      }
      if (branch) {
        return walk(child(node), depth + 1);
      }
      visitRow(pageNumber, node, visitor);
      return 1;
    }

    private void advance(long pageNumber, byte[] key, boolean row) throws IOException {
      if (previous != null) {
        int ascent = order.compare(key, previous);
        boolean ascending = (row && !previousIsRow) ? ascent >= 0 : ascent > 0;
        expect(pageNumber, "order of keys", ascending, "ascending", ascent);
      }
      previous = key;
      previousIsRow = row;
    }
  }

  private int pointersEnd(ByteBuffer page, long pageNumber) throws IOException {
    int end = Short.toUnsignedInt(page.getShort(12));
    boolean inPage = end >= PAGE_HEADER_BYTES && end <= pageBytes && end % Short.BYTES == 0;
    expect(pageNumber, "end of pointers", inPage, "in the page", end);
    return end;
  }

  private ByteBuffer node(ByteBuffer page, long pageNumber, int at) throws IOException {
    int room = pageBytes - at - NODE_HEADER_BYTES;
    expect(pageNumber, "node pointer", at >= PAGE_HEADER_BYTES && room >= 0, "in the page", at);
    ByteBuffer node = page.slice(at, pageBytes - at).order(ByteOrder.LITTLE_ENDIAN);
    expect(pageNumber, "key size", keyBytes(node) <= room, "at most " + room, keyBytes(node));
    return node;
  }

  private void visitRow(long pageNumber, ByteBuffer node, RowVisitor visitor) throws IOException {
    byte[] key = key(node);
    int valueAt = NODE_HEADER_BYTES + key.length;
    int room = node.capacity() - valueAt;
    long valueBytes = Integer.toUnsignedLong(node.getInt(0));
    int flags = Short.toUnsignedInt(node.getShort(4));
    if ((flags & BIG_VALUE_NODE) == 0) {
      expect(pageNumber, "value size", valueBytes <= room, "at most " + room, valueBytes);
      visitor.visit(key, flags, node.slice(valueAt, (int) valueBytes));
    } else {
      expect(pageNumber, "value size", room >= Long.BYTES, "a page number", room);
      visitor.visit(key, flags, bigValue(node.getLong(valueAt), valueBytes));
    }
  }

  private ByteBuffer bigValue(long pageNumber, long valueBytes) throws IOException {
    long count = Math.ceilDiv(PAGE_HEADER_BYTES + valueBytes, pageBytes);
    expect(
        pageNumber,
        "value size",
        valueBytes <= Integer.MAX_VALUE - 2 * pageBytes,
        "less than 2 GiB",
        valueBytes);
    ByteBuffer all = page(pageNumber, (int) count);
    int flags = all.getShort(10) & PAGE_KINDS;
    expect(pageNumber, "page flags", flags == OVERFLOW_PAGE, "overflow", flags);
    return all.slice(PAGE_HEADER_BYTES, (int) valueBytes);
  }

  /** Reads {@code count} pages from the one of this number, which must be part of one tree only. */
  private ByteBuffer page(long number, int count) throws IOException {
    if (number < 2 || number > pages - count) {
      throw new CorruptFileException(
          path,
          pages * pageBytes,
          "page number",
          "2..%d, inside the file".formatted(pages - count),
          Long.toString(number));
    }
    int first = Math.toIntExact(number);
    expect(
        number,
        "page",
        seen.nextSetBit(first) < 0 || seen.nextSetBit(first) >= first + count,
        "in one tree",
        number);
    seen.set(first, first + count);
    ByteBuffer bytes = ByteBuffer.allocate(count * pageBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.read(bytes, number * pageBytes);
    expect(
        number, "page number", bytes.getLong(0) == number, Long.toString(number), bytes.getLong(0));
    return bytes;
  }

  private static byte[] key(ByteBuffer node) {
    byte[] key = new byte[keyBytes(node)];
    node.get(NODE_HEADER_BYTES, key);
    return key;
  }

  private static int keyBytes(ByteBuffer node) {
    return Short.toUnsignedInt(node.getShort(6));
  }

  private static long child(ByteBuffer node) {
    return Integer.toUnsignedLong(node.getInt(0))
        | (long) Short.toUnsignedInt(node.getShort(4)) << Integer.SIZE;
  }

  private void expect(long pageNumber, String field, boolean holds, String expected, long found)
      throws CorruptFileException {
    if (!holds) {
      throw new CorruptFileException(
          path, pageNumber * pageBytes, "LMDB " + field, expected, Long.toString(found));
    }
  }
}
