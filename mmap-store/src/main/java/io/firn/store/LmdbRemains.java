package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads what can be read of a damaged LMDB file, without LMDB: every row that its checksum proves,
 * wherever the way to it is whole. Never writes.
 */
public final class LmdbRemains implements AutoCloseable {

  private final FileHandle file;
  private final LmdbMeta meta;

  private LmdbRemains(FileHandle file, LmdbMeta meta) {
    this.file = file;
    this.meta = meta;
  }

  /** Sees rows. */
  public interface Visitor {
    void row(byte[] key, byte[] value) throws IOException;
  }

  /**
   * Opens the file of a database that nobody writes to.
   *
   * @param lost told what cannot be read, in words
   * @throws IOException if nothing of it can be read
   */
  public static LmdbRemains open(DatabaseDirectory directory, Consumer<String> lost)
      throws IOException {
    Path path = directory.metaPath().resolve(Lmdb.DATA_FILE);
    FileHandle file = directory.io().open(path);
    try {
      return new LmdbRemains(file, meta(file, lost));
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static LmdbMeta meta(FileHandle file, Consumer<String> lost) throws IOException {
    try {
      return LmdbMeta.newest(file);
    } catch (CorruptFileException e) {
      lost.accept("perhaps the last commits: " + e.getMessage());
      return LmdbMeta.readable(file);
    }
  }

  /**
   * Shows the rows of a table that are left, in order.
   *
   * @param lost told what cannot be read, in words; also of other tables, if the way to this one
   *     cannot be told from that to them
   */
  public void read(String table, Visitor visitor, Consumer<String> lost) throws IOException {
    byte[] name = table.getBytes(UTF_8);
    LmdbTree.Damage damage =
        e -> lost.accept("rows of table %s: %s".formatted(table, e.getMessage()));
    var tree = new LmdbTree(file, meta);
    tree.walkSound(
        meta.main().page(),
        LmdbRows.TABLES,
        (key, flags, record) -> {
          if (Arrays.equals(key, name)) {
            readTable(tree, name, record, visitor, damage);
          }
        },
        damage);
  }

  private void readTable(
      LmdbTree tree, byte[] name, MemorySegment record, Visitor visitor, LmdbTree.Damage damage)
      throws IOException {
    if (record.byteSize() < LmdbRoot.BYTES) {
      throw new CorruptFileException(
          file.path(), -1, "LMDB record of a table", "48 bytes", record.byteSize() + " bytes");
    }
    var checked = new CheckedValue();
    tree.walkSound(
        LmdbRoot.read(record).page(),
        LmdbRows.VALUES,
        (key, flags, stored) -> {
          MemorySegment value = checked.verified(name, key, stored, file.path(), -1);
          visitor.row(key, value.toArray(ValueLayout.JAVA_BYTE));
        },
        damage);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
