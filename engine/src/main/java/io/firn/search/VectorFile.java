package io.firn.search;

import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.PageRequests;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The float32 rows of a sealed segment, mapped. Attributes of the file: dimension, row count,
 * offset of the first row, bytes from row to row. Payload:
 *
 * <pre>
 * offset        bytes            field
 *      0        4 * rowCount     row numbers, ascending, little-endian int32
 *               to rowsAt        zeros up to a multiple of 64
 * rowsAt        rowCount*stride  rows: dimension little-endian float32, zeros up to the stride
 * </pre>
 *
 * Borrowed memory: valid while the arena is open in which it was opened.
 */
public final class VectorFile implements Rows {

  /** The kind of segment file, and the ending of its name. */
  public static final String KIND = "vec";

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final SegmentFile file;
  private final MemorySegment payload;
  private final int size;
  private final long rowsAt;
  private final long strideBytes;
  private final int first; // row number
  private final boolean gapless; // then a row number is told without reading it

  private VectorFile(SegmentFile file, int size, long rowsAt, long strideBytes) {
    this.file = file;
    this.payload = file.payload();
    this.size = size;
    this.rowsAt = rowsAt;
    this.strideBytes = strideBytes;
    this.first = size == 0 ? 0 : payload.getAtIndex(INT, 0);
    this.gapless = size > 0 && payload.getAtIndex(INT, size - 1L) - first == size - 1;
  }

  /** Where rows begin, behind the numbers of {@code count} rows. */
  public static long rowsAt(int count) {
    return (4L * count + 63) & -64;
  }

  /** The file's attributes. */
  public static long[] attributes(RowLayout layout, int count) {
    return new long[] {layout.dimension(), count, rowsAt(count), layout.strideBytes()};
  }

  /**
   * Opens and maps the file.
   *
   * @throws CorruptFileException if the file is damaged in its frame or in its row numbers, or of
   *     another shape
   */
  public static VectorFile open(
      DatabaseDirectory directory, long segmentId, RowLayout layout, Arena arena)
      throws IOException {
    SegmentFile file = SegmentFile.open(directory, KIND, segmentId, arena);
    int count = Math.toIntExact(Math.clamp(file.attribute(1), 0, Integer.MAX_VALUE));
    long[] expected = attributes(layout, count);
    for (int i = 0; i < expected.length; i++) {
      if (file.attribute(i) != expected[i]) {
        throw new CorruptFileException(
            file.path(), -1, "attribute " + i, "" + expected[i], "" + file.attribute(i));
      }
    }
    long bytes = rowsAt(count) + count * layout.strideBytes();
    if (file.payload().byteSize() != bytes) {
      throw new CorruptFileException(
          file.path(), -1, "payload bytes", "" + bytes, "" + file.payload().byteSize());
    }
    if (count > 0) {
      file.requireSound(0, rowsAt(count)); // row numbers are read without a further look
    }
    return new VectorFile(file, count, rowsAt(count), layout.strideBytes());
  }

  /** Rows in the file. */
  public int size() {
    return size;
  }

  public int rowNumber(int ordinal) {
    return gapless ? first + ordinal : payload.getAtIndex(INT, ordinal);
  }

  /** The ordinal of a row number, or -1. Row numbers ascend; mostly without gaps. */
  public int ordinalOf(int rowNumber) {
    int high = size - 1;
    if (high < 0 || rowNumber < first) {
      return -1;
    }
    int behindFirst = rowNumber - first;
    if (behindFirst <= high && rowNumber(behindFirst) == rowNumber) {
      return behindFirst;
    }
    if (gapless) {
      return -1;
    }
    int low = 0;
    high = Math.min(high, behindFirst); // gaps only move a row down
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int found = rowNumber(middle);
      if (found == rowNumber) {
        return middle;
      }
      if (found < rowNumber) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  @Override
  public MemorySegment memory(int ordinal) {
    return payload;
  }

  /** Also the place where a row is verified: nobody gets at its bytes in another way. */
  @Override
  public long offset(int ordinal) {
    long at = rowsAt + ordinal * strideBytes;
    MappedBytes.requireSound(file, at, strideBytes);
    return at;
  }

  /** Has a row read ahead. */
  void ask(PageRequests requests, int ordinal) {
    file.ask(requests, rowsAt + ordinal * strideBytes, strideBytes);
  }

  /** The file itself, for its checksums. */
  public SegmentFile file() {
    return file;
  }
}
