package io.firn.store;

import static io.firn.store.CorruptFileException.expect;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of the two meta pages at the start of LMDB's {@code data.mdb}, in the byte order of the
 * machine. LMDB 0.9 trusts its file: a truncated one ends in SIGBUS, which no JVM survives, so the
 * file is looked at by reading before LMDB maps it.
 *
 * <pre>
 * offset  bytes  field
 *      0      8  page number
 *     10      2  flags        0x08: a meta page
 *     16      4  magic        0xBEEFC0DE
 *     20      4  version      1
 *     40      4  page bytes   power of two
 *     40     48  record of the table of free pages, see {@link LmdbRoot}; its flags are 8
 *     88     48  record of the table of tables
 *    136      8  last page    highest page number in use
 *    144      8  transaction  that wrote this page; the higher one counts
 * </pre>
 */
record LmdbMeta(int pageBytes, LmdbRoot free, LmdbRoot main, long lastPage, long transactionId) {

  static final int BYTES = 152;

  private static final int MAGIC = 0xBEEFC0DE;
  private static final int VERSION = 1;
  private static final int META_PAGE = 0x08;
  private static final int MIN_PAGE_BYTES = 512;
  private static final int MAX_PAGE_BYTES = 1 << 15;
  private static final int USUAL_PAGE_BYTES = 4096;

  private static final int FLAGS_AT = 10;
  private static final int MAGIC_AT = 16;
  private static final int VERSION_AT = 20;
  private static final int PAGE_BYTES_AT = 40;
  private static final int INTEGER_KEYS = 0x08;
  private static final int FREE_FLAGS_AT = 44;
  private static final int MAIN_FLAGS_AT = 92;
  private static final int FREE_AT = 40;
  private static final int MAIN_AT = 88;
  private static final int LAST_PAGE_AT = 136;
  private static final int TRANSACTION_AT = 144;

  /**
   * Reads both meta pages and returns the one that counts. Commits write them in turn: even
   * transactions the first, odd ones the second. A new file has 0 in both.
   */
  static LmdbMeta newest(FileHandle file) throws IOException {
    List<LmdbMeta> both = both(file);
    long even = both.getFirst().transactionId;
    long odd = both.getLast().transactionId;
    boolean inTurn = even % 2 == 0 && odd % 2 == 1 && Math.abs(even - odd) == 1;
    if (!inTurn && (even != 0 || odd != 0)) {
      throw new CorruptFileException(
          file.path(),
          TRANSACTION_AT,
          "transactions of the LMDB meta pages",
          "even and odd in turn",
          even + " and " + odd);
    }
    return odd > even ? both.getLast() : both.getFirst();
  }

  /** The newest of the meta pages that can be read, if {@link #newest} refuses them. */
  static LmdbMeta readable(FileHandle file) throws IOException {
    LmdbMeta first = readOrNull(file, 0);
    LmdbMeta second = readOrNull(file, first == null ? USUAL_PAGE_BYTES : first.pageBytes);
    if (first == null || second == null) {
      LmdbMeta one = first == null ? second : first;
      return one == null ? read(file, 0) : one; // which throws again
    }
    return first.transactionId > second.transactionId ? first : second;
  }

  private static @Nullable LmdbMeta readOrNull(FileHandle file, long at) throws IOException {
    try {
      return read(file, at);
    } catch (CorruptFileException e) {
      return null;
    }
  }

  /** Reads both meta pages. */
  static List<LmdbMeta> both(FileHandle file) throws IOException {
    LmdbMeta first = read(file, 0);
    LmdbMeta second = read(file, first.pageBytes);
    expect(
        file.path(),
        first.pageBytes + PAGE_BYTES_AT,
        "LMDB page bytes",
        first.pageBytes,
        second.pageBytes);
    return List.of(first, second);
  }

  private static LmdbMeta read(FileHandle file, long at) throws IOException {
    Path path = file.path();
    if (file.size() < at + BYTES) {
      throw new CorruptFileException(
          path,
          file.size(),
          "file size",
          "at least %d for the LMDB meta pages".formatted(at + BYTES),
          Long.toString(file.size()));
    }
    ByteBuffer page = ByteBuffer.allocate(BYTES).order(ByteOrder.nativeOrder());
    file.read(page, at);
    return decode(page, path, at);
  }

  /** What the start of a meta page says, which is at {@code at} in the file. */
  static LmdbMeta decode(ByteBuffer page, Path path, long at) throws CorruptFileException {
    expect(
        path, at + FLAGS_AT, "LMDB meta page flag", META_PAGE, page.getShort(FLAGS_AT) & META_PAGE);
    expect(path, at + MAGIC_AT, "LMDB magic", MAGIC, page.getInt(MAGIC_AT));
    expect(path, at + FREE_FLAGS_AT, "LMDB flags", INTEGER_KEYS, page.getShort(FREE_FLAGS_AT));
    expect(path, at + MAIN_FLAGS_AT, "LMDB flags", 0, page.getShort(MAIN_FLAGS_AT));
    expect(path, at + VERSION_AT, "LMDB version", VERSION, page.getInt(VERSION_AT));
    int pageBytes = page.getInt(PAGE_BYTES_AT);
    if (pageBytes < MIN_PAGE_BYTES
        || pageBytes > MAX_PAGE_BYTES
        || Integer.bitCount(pageBytes) != 1) {
      throw new CorruptFileException(
          path,
          at + PAGE_BYTES_AT,
          "LMDB page bytes",
          "a power of two in 512..32768",
          Integer.toString(pageBytes));
    }
    return new LmdbMeta(
        pageBytes,
        LmdbRoot.read(MemorySegment.ofBuffer(page.slice(FREE_AT, LmdbRoot.BYTES))),
        LmdbRoot.read(MemorySegment.ofBuffer(page.slice(MAIN_AT, LmdbRoot.BYTES))),
        page.getLong(LAST_PAGE_AT),
        page.getLong(TRANSACTION_AT));
  }

  /** Where a file ends that holds every page in use. */
  long endBytes() {
    return (lastPage + 1) * pageBytes;
  }
}
