package io.firn.store;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Walks the pages of LMDB's file by reading, never through the map, and proves that every page,
 * node and value is where it must be.
 */
final class LmdbTree {

  /** Sees the rows of one tree in order; the value is there only during the call. */
  interface RowVisitor {
    void visit(byte[] key, int nodeFlags, MemorySegment value) throws IOException;
  }

  /** Hears of damage, behind which a walk goes on. */
  interface Damage {
    void at(CorruptFileException damage) throws IOException;
  }

  private static final int MAX_DEPTH = 32;

  private final FileHandle file;
  private final Path path;
  private final int pageBytes;
  private final long lastPage;
  private final long pages;
  private final BitSet seen = new BitSet();

  LmdbTree(FileHandle file, LmdbMeta meta) throws IOException {
    this.file = file;
    this.path = file.path();
    this.pageBytes = meta.pageBytes();
    this.lastPage = meta.lastPage();
    this.pages = Math.min(lastPage + 1, file.size() / meta.pageBytes());
  }

  /** Pages in use that the file has. */
  long pages() {
    return pages;
  }

  /** What a tree turned out to be: rows, and pages from its root to a row. */
  record Shape(long rows, int depth) {}

  /** Walks the tree at page {@code root}, -1 if it is empty, and returns its shape. */
  Shape walk(long root, LmdbRows rows, RowVisitor visitor) throws IOException {
    Walk walk = new Walk(rows, visitor, null);
    return root == -1 ? new Shape(0, 0) : new Shape(walk.walk(root, 1), walk.leafDepth);
  }

  /** Walks what can be reached of a tree; rows of which {@code visitor} throws are damage too. */
  void walkSound(long root, LmdbRows rows, RowVisitor visitor, Damage damage) throws IOException {
    try {
      if (root != -1) {
        new Walk(rows, visitor, damage).walk(root, 1);
      }
    } catch (CorruptFileException e) {
      damage.at(e);
    }
  }

  /**
   * Proves what a row of the free pages says: how many they are, then their numbers, falling. None
   * may be part of a tree or free twice, as LMDB would write over it.
   */
  void free(MemorySegment row) throws IOException {
    ByteBuffer numbers = row.asByteBuffer().order(LITTLE_ENDIAN);
    long room = numbers.remaining() / Long.BYTES - 1L;
    long count = room < 0 ? -1 : numbers.getLong();
    expect(
        "number of free pages", count >= 0 && count <= room, "as many as there is room for", count);
    long above = lastPage + 1;
    for (long i = 0; i < count; i++) {
      long page = numbers.getLong();
      expect("free page", page >= 2 && page < above, "below those before", page);
      claim(page, 1);
      above = page;
    }
  }

  private void expect(String field, boolean holds, String expected, long found)
      throws CorruptFileException {
    if (!holds) {
      throw new CorruptFileException(path, -1, "LMDB " + field, expected, Long.toString(found));
    }
  }

  /** One tree, in order. */
  private final class Walk {

    private final LmdbRows kind;
    private final RowVisitor visitor;
    private final @Nullable Damage damage; // null if any ends the walk
    private byte @Nullable []
        previous; // key of a row, or of a branch: then the next row may equal it
    private boolean previousIsRow;
    private int leafDepth; // 0 before the first leaf; the same for all
    private final byte[][] buffers = new byte[MAX_DEPTH + 1][0]; // a page of each depth
    private byte[] bigBuffer = new byte[0];

    Walk(LmdbRows kind, RowVisitor visitor, @Nullable Damage damage) {
      this.kind = kind;
      this.visitor = visitor;
      this.damage = damage;
    }

    long walk(long pageNumber, int depth) throws IOException {
      expect("tree depth", depth <= MAX_DEPTH, "at most 32", depth);
      LmdbPage page = page(pageNumber, 1, buffers[depth]);
      buffers[depth] = page.array();
      boolean branch = page.requireBranchOrLeaf();
      if (!branch) {
        boolean level = leafDepth == 0 || leafDepth == depth;
        page.expect("tree depth", level, "that of the other leaves", depth);
        leafDepth = depth;
      }
      page.requirePointers();
      if (damage == null) {
        page.verify(!branch, kind, pages);
      }
      long rows = 0;
      for (int i = 0; i < page.count(); i++) {
        try {
          rows += walkNode(page, i, branch, depth);
        } catch (CorruptFileException e) {
          if (damage == null) {
            throw e;
          }
          damage.at(e);
          previous = null; // of the row or page that is left out
        }
      }
      return rows;
    }

    private long walkNode(LmdbPage page, int i, boolean branch, int depth) throws IOException {
      page.requireNode(i);
      if (!branch || i > 0) { // the first key of a branch does not count
        advance(page, page.key(i), !branch);
      }
      if (branch) {
        return walk(page.child(i), depth + 1);
      }
      page.requireValue(i);
      visitor.visit(page.key(i), page.flags(i), page.isBig(i) ? bigValue(page, i) : page.value(i));
      return 1;
    }

    private void advance(LmdbPage page, byte[] key, boolean row) throws IOException {
      if (previous != null) {
        int ascent = kind.compare(key, previous);
        boolean ascending = (row && !previousIsRow) ? ascent >= 0 : ascent > 0;
        page.expect("order of keys", ascending, "ascending", ascent);
      }
      previous = key;
      previousIsRow = row;
    }

    private MemorySegment bigValue(LmdbPage leaf, int i) throws IOException {
      long valueBytes = leaf.valueBytes(i);
      boolean small = valueBytes <= Integer.MAX_VALUE - 2 * pageBytes;
      leaf.expect("value size", small, "less than 2 GiB", valueBytes);
      int count = Math.toIntExact(Math.ceilDiv(LmdbPage.HEADER_BYTES + valueBytes, pageBytes));
      LmdbPage first = page(leaf.overflow(i), count, bigBuffer);
      bigBuffer = first.array();
      first.requireOverflow(count, pages);
      return first.bytes().asSlice(LmdbPage.HEADER_BYTES, valueBytes);
    }
  }

  /**
   * Reads {@code count} pages from the one of this number, which must be part of one tree only.
   *
   * @param buffer to use if it is large enough
   */
  private LmdbPage page(long number, int count, byte[] buffer) throws IOException {
    if (number < 2 || number > pages - count) {
      throw new CorruptFileException(
          path,
          pages * pageBytes,
          "page number",
          "2..%d, inside the file".formatted(pages - count),
          Long.toString(number));
    }
    claim(number, count);
    int size = count * pageBytes;
    byte[] bytes = buffer.length < size ? new byte[size] : buffer;
    file.read(ByteBuffer.wrap(bytes, 0, size), number * pageBytes);
    var page = new LmdbPage(path, number, MemorySegment.ofArray(bytes).asSlice(0, size));
    page.requireNumber();
    return page;
  }

  private void claim(long number, int count) throws CorruptFileException {
    int first = Math.toIntExact(number);
    for (int page = first; page < first + count; page++) {
      expect("page", !seen.get(page), "in one tree, or free", page);
      seen.set(page);
    }
  }
}
