package io.firn.write;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The tables of a database and their keys. Integers in keys are big-endian, so that LMDB's order is
 * theirs. docs/format.md has the values.
 */
public enum Table {
  /** Collection name → number and spec. */
  CATALOG,
  /**
   * {@code "sequence"} → last commit; {@code "segment"} → last segment number; collection number →
   * next row number and live rows.
   */
  STATE,
  /** Collection, id → row number. */
  IDS,
  /** Collection, row number → id and metadata. */
  ROWS,
  /** Collection, row number → vector of a row that no segment file holds yet. */
  FRESH,
  /** Collection, segment → what the segment's files hold: the manifest. */
  SEGMENTS,
  /** Collection, row number / 65,536 → Roaring bitmap of dead rows. */
  TOMBSTONES,
  /** Sequence of death, collection, row number → nothing: rows records to remove later. */
  DEAD,
  /** Collection, index → field and how far the index is built. */
  INDEXES,
  /** Collection, index, row number / 65,536, value, row number % 65,536 → nothing. */
  POSTINGS,
  /** Time, collection, row number → nothing: rows to delete at that time. */
  EXPIRY;

  /** Key of the last sequence number in {@link #STATE}. */
  public static final byte[] SEQUENCE_KEY = "sequence".getBytes(StandardCharsets.US_ASCII);

  /** Key in {@link #STATE} of the highest segment number that the manifest ever had. */
  public static final byte[] SEGMENT_KEY = "segment".getBytes(StandardCharsets.US_ASCII);

  /** The table's name in LMDB. */
  public String storedName() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /** All names, as the store wants them. */
  public static List<String> storedNames() {
    return Arrays.stream(values()).map(Table::storedName).toList();
  }

  /** Key of a collection's things in any table that starts with its number. */
  public static byte[] key(int collection) {
    return ByteBuffer.allocate(4).putInt(collection).array();
  }

  /** Key of a row, or of a block of rows. */
  public static byte[] key(int collection, int rowNumber) {
    return ByteBuffer.allocate(8).putInt(collection).putInt(rowNumber).array();
  }

  /** Key of a segment. */
  public static byte[] key(int collection, long segmentId) {
    return ByteBuffer.allocate(12).putInt(collection).putLong(segmentId).array();
  }

  /** Key of an id. */
  public static byte[] key(int collection, RowId id) {
    byte[] idKey = id.key();
    return ByteBuffer.allocate(4 + idKey.length).putInt(collection).put(idKey).array();
  }

  static byte[] deadKey(long sequence, int collection, int rowNumber) {
    return ByteBuffer.allocate(16).putLong(sequence).putInt(collection).putInt(rowNumber).array();
  }
}
