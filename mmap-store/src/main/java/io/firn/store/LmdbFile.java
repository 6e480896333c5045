package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Looks at LMDB's file by reading, as LMDB itself trusts it. */
final class LmdbFile {

  /** LMDB's limit of dirty pages in one transaction: so many at most were freed in it again. */
  private static final long MAX_UNWRITTEN_PAGES = 1 << 17;

  private static final int TREE_BYTES = 48;
  private static final int KEY_SIZE_AT = 0;
  private static final int FLAGS_AT = 4;
  private static final int DEPTH_AT = 6;
  private static final int ROWS_AT = 32;
  private static final int ROOT_AT = 40;

  private LmdbFile() {}

  /** Sees every row of every table: its stored value with the checksum behind it. */
  interface TableVisitor {
    void visit(byte[] table, byte[] key, ByteBuffer stored) throws IOException;
  }

  /**
   * Verifies, before LMDB maps the file, that its meta page is that of the last commit and that
   * everything LMDB can reach is inside the file. This takes a few small reads. Only a file that
   * ends before its highest page is walked: a page that was taken and freed in one transaction need
   * never have been written.
   *
   * @throws CorruptFileException if the file is absent, foreign or truncated
   */
  static void check(Io io, Path file) throws IOException {
    try (FileHandle handle = open(io, file)) {
      LmdbMeta meta = LmdbMeta.newest(handle);
      checkLastPage(handle, meta);
      checkStamp(handle, meta);
      if (handle.size() < meta.endBytes()) {
        walk(handle, meta, (table, key, stored) -> {});
      }
    }
  }

  /** Verifies every page and value of a file that nobody has open. */
  static void verify(Io io, Path file) throws IOException {
    try (FileHandle handle = open(io, file)) {
      LmdbMeta meta = LmdbMeta.newest(handle);
      checkLastPage(handle, meta);
      verify(handle, meta);
    }
  }

  /**
   * Verifies every page and value in the state of {@code meta}, which nobody may change meanwhile.
   */
  static void verify(FileHandle handle, LmdbMeta meta) throws IOException {
    checkStamp(handle, meta);
    CheckedValue checked = new CheckedValue();
    walk(
        handle,
        meta,
        (table, key, stored) ->
            checked.verified(table, key, MemorySegment.ofBuffer(stored), handle.path(), -1));
  }

  private static FileHandle open(Io io, Path file) throws IOException {
    if (!io.exists(file)) {
      throw new CorruptFileException(file, 0, "file", "present", "absent");
    }
    return io.open(file);
  }

  private static void checkStamp(FileHandle handle, LmdbMeta meta) throws IOException {
    if (meta.transactionId() == 0) {
      return; // nothing was ever committed
    }
    Path file = handle.path();
    LmdbTree tree = new LmdbTree(handle, meta);
    List<CommitStamp> stamps = new ArrayList<>();
    tree.walk(
        meta.mainRoot(),
        Arrays::compareUnsigned,
        (table, flags, record) -> {
          if (Arrays.equals(table, CommitStamp.TABLE_BYTES)) {
            walkTable(
                file,
                tree,
                table,
                flags,
                record,
                (name, key, stored) -> stamps.add(CommitStamp.decode(file, key, stored)));
          }
        });
    expect(file, -1, "number of commit stamps", 1, stamps.size());
    stamps.getFirst().expect(meta, file);
  }

  private static void checkLastPage(FileHandle handle, LmdbMeta meta) throws IOException {
    long filePages = handle.size() / meta.pageBytes();
    if (meta.lastPage() < 1 || meta.lastPage() > filePages + MAX_UNWRITTEN_PAGES) {
      throw new CorruptFileException(
          handle.path(),
          handle.size(),
          "highest page in use",
          "at most %d in a file of %d".formatted(filePages + MAX_UNWRITTEN_PAGES, filePages),
          Long.toString(meta.lastPage()));
    }
  }

  /**
   * Walks every page in the state of {@code meta}, which nobody may change meanwhile.
   *
   * @throws CorruptFileException at the first page, node or row count that is wrong
   */
  private static void walk(FileHandle handle, LmdbMeta meta, TableVisitor visitor)
      throws IOException {
    LmdbTree tree = new LmdbTree(handle, meta);
    tree.walk(
        meta.freeRoot(),
        LmdbFile::compareNumbers,
        (key, flags, value) -> {
          expect(
              handle.path(),
              -1,
              "LMDB node flags of the free pages",
              0,
              flags & ~LmdbTree.BIG_VALUE_NODE);
        });
    tree.walk(
        meta.mainRoot(),
        Arrays::compareUnsigned,
        (key, flags, value) -> walkTable(handle.path(), tree, key, flags, value, visitor));
  }

  private static void walkTable(
      Path file, LmdbTree tree, byte[] table, int flags, ByteBuffer record, TableVisitor visitor)
      throws IOException {
    String name = new String(table, UTF_8);
    expect(file, -1, "LMDB node flags of table " + name, LmdbTree.SUBTREE_NODE, flags);
    expect(file, -1, "LMDB record bytes of table " + name, TREE_BYTES, record.remaining());
    record.order(ByteOrder.LITTLE_ENDIAN);
    expect(file, -1, "LMDB key size of table " + name, 0, record.getInt(KEY_SIZE_AT));
    expect(file, -1, "LMDB flags of table " + name, 0, record.getShort(FLAGS_AT));
    LmdbTree.Shape shape =
        tree.walk(
            record.getLong(ROOT_AT),
            Arrays::compareUnsigned,
            (key, rowFlags, value) -> {
              expect(
                  file,
                  -1,
                  "LMDB node flags in table " + name,
                  0,
                  rowFlags & ~LmdbTree.BIG_VALUE_NODE);
              visitor.visit(table, key, value);
            });
    expect(file, -1, "LMDB row count of table " + name, record.getLong(ROWS_AT), shape.rows());
    expect(file, -1, "LMDB depth of table " + name, record.getShort(DEPTH_AT), shape.depth());
  }

  /** Order of the keys of the table of free pages: transactions, little-endian. */
  private static int compareNumbers(byte[] a, byte[] b) {
    for (int i = Math.min(a.length, b.length) - 1; i >= 0; i--) {
      if (a[i] != b[i]) {
        return Byte.compareUnsigned(a[i], b[i]);
      }
    }
    return Integer.compare(a.length, b.length);
  }
}
