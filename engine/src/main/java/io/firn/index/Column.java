package io.firn.index;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one block of 65,536 row numbers by the key of their value in one index, keys
 * ascending. Rows of a range of keys lie side by side; each 2,048 of them are a bitmap too, so that
 * a wide range is a few bitmaps joined. Immutable.
 */
public final class Column {

  private static final int CHUNK_ROWS = 2_048;

  private final long sequence;
  private final int coveredRows;
  private final byte[] keys; // one after the other
  private final int[] keyEnds;
  private final int[] starts; // of each key's rows in lows, and the end
  private final char[] lows; // row numbers within the block
  private final long[][] chunks;

  private Column(Builder built) {
    this.sequence = built.sequence;
    this.coveredRows = built.coveredRows;
    this.keys = built.keys.toByteArray();
    this.keyEnds = built.keyEnds.toIntArray();
    built.starts.addInt(built.size);
    this.starts = built.starts.toIntArray();
    this.lows = Arrays.copyOf(built.lows, built.size);
    this.chunks = new long[lows.length / CHUNK_ROWS][RowSet.BLOCK_WORDS];
    for (int i = 0; i < chunks.length; i++) {
      setBits(i * CHUNK_ROWS, (i + 1) * CHUNK_ROWS, chunks[i]);
    }
  }

  /** Takes entries in ascending order of key. */
  public static final class Builder {

    private final long sequence;
    private final int coveredRows;
    private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
    private final IntArrayList keyEnds = new IntArrayList();
    private final IntArrayList starts = new IntArrayList();
    private char[] lows = new char[1_024];
    private int size;
    private byte @Nullable [] last;

    /**
     * A builder.
     *
     * @param sequence of the commit up to which the entries are complete
     * @param coveredRows row numbers below it were given by then
     */
    public Builder(long sequence, int coveredRows) {
      this.sequence = sequence;
      this.coveredRows = coveredRows;
    }

    /** Adds an entry; {@code low} is the row number within the block. */
    public void add(byte[] key, int low) {
      if (last == null || !Arrays.equals(last, key)) {
        keys.writeBytes(key);
        keyEnds.addInt(keys.size());
        starts.addInt(size);
        last = key;
      }
      if (size == lows.length) {
        lows = Arrays.copyOf(lows, 2 * size);
      }
      lows[size++] = (char) low;
    }

    public Column build() {
      return new Column(this);
    }
  }

  /** A key of a row, by its number within the block. */
  public record Entry(byte[] key, int low) {}

  /**
   * The column as of a later commit.
   *
   * @param renewed rows whose entries are no longer right
   * @param entries of those rows, in ascending order of key
   */
  public Column renewed(long sequence, int coveredRows, BitSet renewed, List<Entry> entries) {
    var built = new Builder(sequence, coveredRows);
    int next = 0;
    for (int at = 0; at < size(); at++) {
      byte[] key = key(at);
      next = addUpTo(key, entries, next, built);
      for (int i = starts[at]; i < starts[at + 1]; i++) {
        if (!renewed.get(lows[i])) {
          built.add(key, lows[i]);
        }
      }
    }
    for (; next < entries.size(); next++) {
      built.add(entries.get(next).key(), entries.get(next).low());
    }
    return built.build();
  }

  /** Adds the entries that come before a key's, or are equal to it. */
  private static int addUpTo(byte[] key, List<Entry> entries, int from, Builder built) {
    int next = from;
    for (; next < entries.size(); next++) {
      Entry entry = entries.get(next);
      if (Arrays.compareUnsigned(entry.key(), key) > 0) {
        break;
      }
      built.add(entry.key(), entry.low());
    }
    return next;
  }

  public long sequence() {
    return sequence;
  }

  /** Row numbers below it had been given when the column was loaded. */
  public int coveredRows() {
    return coveredRows;
  }

  /** Adds the rows that have a text too long for a key. */
  void addUnknown(int block, RowSet rows) {
    int first = find(new byte[] {ValueKeys.LONG_TEXT}, false);
    if (first < size()) {
      for (int i = starts[first]; i < lows.length; i++) {
        rows.add((block << RowSet.BLOCK_BITS) + lows[i]);
      }
    }
  }

  /** Distinct keys. */
  int size() {
    return keyEnds.length;
  }

  byte[] key(int at) {
    return Arrays.copyOfRange(keys, at == 0 ? 0 : keyEnds[at - 1], keyEnds[at]);
  }

  /** The first key that is not below {@code key}, or not below or equal to it. */
  int find(byte[] key, boolean orEqual) {
    int low = 0;
    int high = keyEnds.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int begin = middle == 0 ? 0 : keyEnds[middle - 1];
      int order = Arrays.compareUnsigned(keys, begin, keyEnds[middle], key, 0, key.length);
      if (order < 0 || (orEqual && order == 0)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Adds the rows of keys {@code from..to-1}. */
  void addRows(int from, int to, long[] bits) {
    int begin = starts[Math.min(from, to)];
    int end = starts[to];
    int chunk = Math.ceilDiv(begin, CHUNK_ROWS);
    if (chunk >= end / CHUNK_ROWS) {
      setBits(begin, end, bits);
      return;
    }
    setBits(begin, chunk * CHUNK_ROWS, bits);
    for (; (chunk + 1) * CHUNK_ROWS <= end; chunk++) {
      long[] whole = chunks[chunk];
      for (int i = 0; i < RowSet.BLOCK_WORDS; i++) {
        bits[i] |= whole[i];
      }
    }
    setBits(chunk * CHUNK_ROWS, end, bits);
  }

  private void setBits(int begin, int end, long[] bits) {
    for (int i = begin; i < end; i++) {
      bits[lows[i] >>> 6] |= 1L << lows[i];
    }
  }

  /** Bytes of heap it holds. */
  long bytes() {
    return keys.length
        + 4L * (keyEnds.length + starts.length)
        + 2L * lows.length
        + 8L * RowSet.BLOCK_WORDS * chunks.length;
  }
}
