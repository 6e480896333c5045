package io.firn.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * LMDB's file where LMDB maps it, read by this package and not by LMDB. A page that was in the file
 * when it was opened is verified at its first touch; those that come later LMDB wrote in this
 * process. Any thread.
 */
final class LmdbMap {

  private final Path file;
  private final int pageBytes;
  private final long pagesAtOpening;
  private final SoundBlocks sound;
  private volatile MemorySegment bytes;
  private volatile long filePages;

  /**
   * The map of a file.
   *
   * @param bytes all of the map, most of it behind the end of the file
   */
  LmdbMap(Path file, int pageBytes, MemorySegment bytes) {
    this.file = file;
    this.pageBytes = pageBytes;
    this.pagesAtOpening = file.toFile().length() / pageBytes;
    this.sound = new SoundBlocks(pagesAtOpening);
    this.bytes = bytes;
    this.filePages = pagesAtOpening;
  }

  /** Takes the place where the file is from now on. Nobody reads. */
  void move(MemorySegment moved) {
    bytes = moved;
  }

  /**
   * The meta page of a transaction, or null if a later one has written over it. Only its state is
   * to be read, even if a newer one is there: that might not be durable yet.
   */
  @Nullable LmdbMeta meta(long transactionId) throws CorruptFileException {
    long at = (transactionId & 1) * pageBytes;
    byte[] first = copy(at);
    LmdbMeta meta =
        LmdbMeta.decode(ByteBuffer.wrap(first).order(ByteOrder.nativeOrder()), file, at);
    boolean torn = !Arrays.equals(first, copy(at));
    return torn || meta.transactionId() != transactionId ? null : meta;
  }

  private byte[] copy(long at) {
    return bytes.asSlice(at, LmdbMeta.BYTES).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * Pages of a state that are in the file: one that was freed at once need not have been written.
   */
  long pages(LmdbMeta meta) {
    long pages = meta.lastPage() + 1;
    if (pages > filePages) {
      filePages = Math.max(filePages, file.toFile().length() / pageBytes);
    }
    return Math.min(pages, filePages);
  }

  /**
   * A page of a table.
   *
   * @param rows of its tree
   * @param pages of the state
   */
  LmdbPage page(long number, boolean leaf, LmdbRows rows, long pages) throws CorruptFileException {
    LmdbPage page = at(number, 1, pages);
    if (number < pagesAtOpening && !sound.isMarked(number)) {
      page.verify(leaf, rows, pages);
      sound.mark(number);
    } else {
      page.requireKind(leaf); // whatever else leads here
    }
    return page;
  }

  /** The value of row {@code i} of a leaf, which may be on pages of its own. */
  MemorySegment value(LmdbPage leaf, int i, long pages) throws CorruptFileException {
    if (!leaf.isBig(i)) {
      return leaf.value(i);
    }
    long valueBytes = leaf.valueBytes(i);
    int count = (int) Math.ceilDiv(LmdbPage.HEADER_BYTES + valueBytes, pageBytes);
    LmdbPage all = at(leaf.overflow(i), count, pages);
    all.requireOverflow(count, pages);
    return all.bytes().asSlice(LmdbPage.HEADER_BYTES, valueBytes);
  }

  private LmdbPage at(long number, int count, long pages) throws CorruptFileException {
    if (number < 2 || number > pages - count) {
      throw new CorruptFileException(
          file,
          pages * pageBytes,
          "page number",
          "2..%d, inside the file".formatted(pages - count),
          Long.toString(number));
    }
    return new LmdbPage(file, number, bytes.asSlice(number * pageBytes, (long) count * pageBytes));
  }

  Path file() {
    return file;
  }
}
