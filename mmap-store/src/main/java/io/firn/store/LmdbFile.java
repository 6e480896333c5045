package io.firn.store;

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
    CorruptFileException.expect(file, -1, "number of commit stamps", 1, stamps.size());
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
