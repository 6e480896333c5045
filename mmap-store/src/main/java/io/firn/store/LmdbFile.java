package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/** Looks at LMDB's file by reading, as LMDB itself trusts it. */
final class LmdbFile {

  /** LMDB's limit of dirty pages in one transaction: so many at most were freed in it again. */
  private static final long MAX_UNWRITTEN_PAGES = 1 << 17;

  private static final int ROWS_AT = 32;
  private static final int ROOT_AT = 40;

  private LmdbFile() {}

  /** Sees every row of every table, its stored value with the checksum behind it. */
  interface TableVisitor {
    void visit(byte[] table, byte[] key, ByteBuffer stored) throws IOException;
  }

  /**
   * Verifies, before LMDB maps the file, that everything LMDB can reach is inside of it. This takes
   * two small reads. Only a file that ends before its highest page is walked: a page that was taken
   * and freed in one transaction need never have been written.
   *
   * @throws CorruptFileException if the file is absent, foreign or truncated
   */
  static void check(Io io, Path file) throws IOException {
    if (!io.exists(file)) {
      throw new CorruptFileException(file, 0, "file", "present", "absent");
    }
    try (FileHandle handle = io.open(file)) {
      LmdbMeta meta = LmdbMeta.newest(handle);
      checkLastPage(handle, meta);
      if (handle.size() < meta.endBytes()) {
        walk(handle, meta, (table, key, stored) -> {});
      }
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
  static void walk(FileHandle handle, LmdbMeta meta, TableVisitor visitor) throws IOException {
    LmdbTree tree = new LmdbTree(handle, meta);
    tree.walk(meta.freeRoot(), (key, flags, value) -> {});
    tree.walk(
        meta.mainRoot(),
        (key, flags, value) -> walkTable(handle.path(), tree, key, flags, value, visitor));
  }

  private static void walkTable(
      Path file, LmdbTree tree, byte[] table, int flags, ByteBuffer record, TableVisitor visitor)
      throws IOException {
    boolean valid = flags == LmdbTree.SUBTREE_NODE && record.remaining() == LmdbTree.TREE_BYTES;
    if (!valid) {
      throw new CorruptFileException(
          file, -1, "LMDB record of table " + new String(table, UTF_8), "a tree", "flags " + flags);
    }
    record.order(ByteOrder.LITTLE_ENDIAN);
    long rows =
        tree.walk(
            record.getLong(ROOT_AT), (key, rowFlags, value) -> visitor.visit(table, key, value));
    CorruptFileException.expect(
        file,
        -1,
        "LMDB row count of table " + new String(table, UTF_8),
        record.getLong(ROWS_AT),
        rows);
  }
}
