package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.SegmentFile;
import io.firn.store.SegmentWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The ids of a sealed segment's rows, mapped, so that a search needs no table to name what it found
 * (ten lookups in LMDB took 6 of a query's 41 µs). Derived from the rows table. Attributes of the
 * file: row count, form. Payload of form 1, if every id is a long: a little-endian int64 for each
 * row. Payload of form 2:
 *
 * <pre>
 * offset            bytes               field
 * 0                 8 * (rowCount + 1)  int64 offset in the payload of each id, and of their end
 * 8 * (rowCount+1)                      ids: u8 kind, 1 then the long, 2 then UTF-8
 * </pre>
 *
 * Borrowed memory: valid while the arena is open in which it was opened.
 */
public final class IdFile {

  /** The kind of segment file, and the ending of its name. */
  public static final String KIND = "ids";

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final int NUMBERS = 1;
  private static final int MIXED = 2;
  private static final byte NUMBER = 1;
  private static final byte TEXT = 2;
  private static final int ROWS_AT_ONCE = 1_024;

  /** Ids by ordinal while they are written; asked twice, each time in ascending order. */
  public interface Source {

    /** The id's UTF-8 bytes, or null if it is a long. */
    byte @Nullable [] text(int ordinal) throws IOException;

    /** The long id. */
    long number(int ordinal) throws IOException;
  }

  private final SegmentFile file;
  private final MemorySegment payload;
  private final boolean mixed;

  private IdFile(SegmentFile file, boolean mixed) {
    this.file = file;
    this.payload = file.payload();
    this.mixed = mixed;
  }

  /** Writes the file of a segment of {@code size} rows. */
  public static void write(DatabaseDirectory directory, long segmentId, int size, Source ids)
      throws IOException {
    long bytes = 0;
    boolean mixed = false;
    for (int i = 0; i < size; i++) {
      byte[] text = ids.text(i);
      mixed |= text != null;
      bytes += 1 + (text == null ? Long.BYTES : text.length);
    }
    long ends = Long.BYTES * (size + 1L);
    try (Arena arena = Arena.ofConfined();
        SegmentWriter writer =
            SegmentFile.create(
                directory,
                KIND,
                segmentId,
                new long[] {size, mixed ? MIXED : NUMBERS},
                mixed ? ends + bytes : (long) Long.BYTES * size)) {
      MemorySegment block = arena.allocate((long) Long.BYTES * ROWS_AT_ONCE, Long.BYTES);
      if (mixed) {
        writeEnds(writer, block, size, ends, ids);
        writeIds(writer, size, ids);
      } else {
        writeLongs(writer, block, size, ids::number);
      }
      writer.finish();
    }
  }

  /**
   * Bytes of the payload.
   *
   * @param textBytes UTF-8 bytes of each id, 0 if ids are longs
   */
  static long payloadBytes(int size, int textBytes) {
    return textBytes == 0
        ? (long) Long.BYTES * size
        : Long.BYTES * (size + 1L) + size * (1L + textBytes);
  }

  private interface Longs {
    long at(int index) throws IOException;
  }

  private static void writeLongs(SegmentWriter writer, MemorySegment block, int count, Longs longs)
      throws IOException {
    for (int first = 0; first < count; first += ROWS_AT_ONCE) {
      int length = Math.min(ROWS_AT_ONCE, count - first);
      for (int i = 0; i < length; i++) {
        block.setAtIndex(LONG, i, longs.at(first + i));
      }
      writer.append(block.asSlice(0, (long) Long.BYTES * length));
    }
  }

  private static void writeEnds(
      SegmentWriter writer, MemorySegment block, int size, long ends, Source ids)
      throws IOException {
    long[] end = {ends};
    writeLongs(
        writer,
        block,
        size + 1,
        i -> {
          if (i > 0) {
            byte[] text = ids.text(i - 1);
            end[0] += 1 + (text == null ? Long.BYTES : text.length);
          }
          return end[0];
        });
  }

  private static void writeIds(SegmentWriter writer, int size, Source ids) throws IOException {
    for (int i = 0; i < size; i++) {
      byte[] text = ids.text(i);
      byte[] id = new byte[1 + (text == null ? Long.BYTES : text.length)];
      id[0] = text == null ? NUMBER : TEXT;
      if (text == null) {
        MemorySegment.ofArray(id).set(LONG, 1, ids.number(i));
      } else {
        System.arraycopy(text, 0, id, 1, text.length);
      }
      writer.append(MemorySegment.ofArray(id));
    }
  }

  /**
   * Opens and maps the file.
   *
   * @throws IOException if the file is missing, damaged in its frame, or not of {@code size} rows
   */
  public static IdFile open(DatabaseDirectory directory, long segmentId, int size, Arena arena)
      throws IOException {
    SegmentFile file = SegmentFile.open(directory, KIND, segmentId, arena);
    long form = file.attribute(1);
    boolean mixed = form == MIXED;
    if (file.attribute(0) != size || (form != NUMBERS && !mixed)) {
      throw new CorruptFileException(
          file.path(), -1, "rows and form", size + ", 1 or 2", file.attribute(0) + ", " + form);
    }
    long least = mixed ? Long.BYTES * (size + 1L) + 2L * size : (long) Long.BYTES * size;
    long found = file.payload().byteSize();
    if (mixed ? found < least : found != least) {
      throw new CorruptFileException(file.path(), -1, "payload bytes", "" + least, "" + found);
    }
    return new IdFile(file, mixed);
  }

  /**
   * The string id of a row, or null if it is a long.
   *
   * @throws io.firn.FirnException.Corrupt if the file is damaged there
   */
  @Nullable String text(int ordinal) {
    if (!mixed) {
      return null;
    }
    long from = begin(ordinal);
    long to = begin(ordinal + 1);
    MappedBytes.requireSound(file, from, to - from);
    if (payload.get(ValueLayout.JAVA_BYTE, from) == NUMBER) {
      return null;
    }
    byte[] text = payload.asSlice(from + 1, to - from - 1).toArray(ValueLayout.JAVA_BYTE);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** The long id of a row that has one. */
  long number(int ordinal) {
    long at = mixed ? begin(ordinal) + 1 : (long) Long.BYTES * ordinal;
    MappedBytes.requireSound(file, at, Long.BYTES);
    return payload.get(LONG, at);
  }

  /** Where the id of a row begins. */
  private long begin(int ordinal) {
    long at = (long) Long.BYTES * ordinal;
    MappedBytes.requireSound(file, at, Long.BYTES);
    return payload.get(LONG, at);
  }

  /** The file itself, for its checksums. */
  public SegmentFile file() {
    return file;
  }
}
