package io.firn.store;

import static io.firn.store.CorruptFileException.expect;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Looks at LMDB's file by reading, as LMDB itself trusts it. */
final class LmdbFile {

  /** LMDB's limit of dirty pages in one transaction: so many at most were freed in it again. */
  private static final long MAX_UNWRITTEN_PAGES = 1 << 17;

  private LmdbFile() {}

  /** Sees every row of every table: its stored value with the checksum behind it. */
  interface TableVisitor {
    void visit(byte[] table, byte[] key, MemorySegment stored) throws IOException;
  }

  /**
   * Verifies, before LMDB maps the file, that its meta page is that of the last commit, that the
   * tables are where it says, and that everything LMDB can reach is inside the file. This takes a
   * few small reads. Only a file that ends before its highest page is walked: a page that was taken
   * and freed in one transaction need never have been written.
   *
   * @param toWrite whether LMDB will take free pages: then their list is verified too, which takes
   *     time in proportion to it
   * @throws CorruptFileException if the file is absent, foreign, truncated or damaged there
   */
  static void check(Io io, Path file, boolean toWrite) throws IOException {
    try (FileHandle handle = open(io, file)) {
      LmdbMeta meta = LmdbMeta.newest(handle);
      checkLastPage(handle, meta);
      checkTables(handle, meta, toWrite);
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
    checkTables(handle, meta, false);
    CheckedValue checked = new CheckedValue();
    walk(
        handle,
        meta,
        (table, key, stored) -> checked.verified(table, key, stored, handle.path(), -1));
  }

  private static FileHandle open(Io io, Path file) throws IOException {
    if (!io.exists(file)) {
      throw new CorruptFileException(file, 0, "file", "present", "absent");
    }
    return io.open(file);
  }

  /** Verifies the table of tables, the commit stamp, and the table of free pages if asked to. */
  private static void checkTables(FileHandle handle, LmdbMeta meta, boolean withFree)
      throws IOException {
    Path file = handle.path();
    LmdbTree tree = new LmdbTree(handle, meta);
    List<CommitStamp> stamps = new ArrayList<>();
    walkMain(
        handle,
        meta,
        tree,
        (table, flags, record) -> {
          if (Arrays.equals(table, CommitStamp.TABLE_BYTES)) {
            walkTable(
                file,
                tree,
                table,
                flags,
                record,
                (name, key, stored) -> stamps.add(CommitStamp.decode(file, key, stored)));
          } else {
            root(file, tree, table, flags, record);
          }
        });
    if (meta.transactionId() > 0) { // else nothing was ever committed
      expect(file, -1, "number of commit stamps", 1, stamps.size());
      stamps.getFirst().expect(meta, file);
    }
    if (withFree) {
      walkFree(handle, meta, tree);
    }
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
    walkFree(handle, meta, tree);
    walkMain(
        handle,
        meta,
        tree,
        (key, flags, value) -> walkTable(handle.path(), tree, key, flags, value, visitor));
  }

  private static void walkMain(
      FileHandle handle, LmdbMeta meta, LmdbTree tree, LmdbTree.RowVisitor visitor)
      throws IOException {
    LmdbTree.Shape shape = tree.walk(meta.main().page(), LmdbRows.TABLES, visitor);
    expect(handle.path(), -1, "LMDB depth of the tables", meta.main().depth(), shape.depth());
  }

  private static void walkFree(FileHandle handle, LmdbMeta meta, LmdbTree tree) throws IOException {
    Path file = handle.path();
    LmdbTree.Shape shape =
        tree.walk(
            meta.free().page(),
            LmdbRows.FREE_PAGES,
            (key, _, pages) -> {
              expect(file, -1, "LMDB key size of the free pages", Long.BYTES, key.length);
              tree.free(pages);
            });
    expect(file, -1, "LMDB depth of the free pages", meta.free().depth(), shape.depth());
  }

  private static void walkTable(
      Path file, LmdbTree tree, byte[] table, int flags, MemorySegment record, TableVisitor visitor)
      throws IOException {
    String name = new String(table, UTF_8);
    LmdbRoot root = root(file, tree, table, flags, record);
    LmdbTree.Shape shape =
        tree.walk(
            root.page(), LmdbRows.VALUES, (key, _, value) -> visitor.visit(table, key, value));
    expect(file, -1, "LMDB row count of table " + name, root.rows(), shape.rows());
    expect(file, -1, "LMDB depth of table " + name, root.depth(), shape.depth());
  }

  private static LmdbRoot root(
      Path file, LmdbTree tree, byte[] table, int flags, MemorySegment record)
      throws CorruptFileException {
    return LmdbRoot.decode(file, new String(table, UTF_8), flags, record, tree.pages());
  }
}
