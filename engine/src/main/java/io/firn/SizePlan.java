package io.firn;

import io.firn.search.NodeRecordBuilder;
import io.firn.search.SegmentSize;
import io.firn.store.LmdbTableSize;
import io.firn.write.RowRecord;
import io.firn.write.Table;
import java.nio.charset.StandardCharsets;

/**
 * What rows will need as a {@link BulkLoad} leaves them in an empty database, computed from their
 * shape before there are any.
 *
 * @param rows planned
 * @param segments that the load makes of them
 * @param vectorBytes of files with float32 rows: a search reads some of its best ones
 * @param recordBytes of files with node records: each search walks them
 * @param idBytes of files with ids: a search reads those of its hits
 * @param lmdbBytes of the way from ids to rows, and of metadata
 * @param compactBytes of the compact forms that searches walk where files do not fit into memory
 * @param loadBytes of memory for rows, codes and graph while the largest segment is built; what the
 *     JVM and LMDB need for themselves comes on top
 * @param tier where searches will find the rows within {@link Options#memoryBytes}: HOT if all
 *     files fit, WARM if compact forms do, COLD else, though as many segments as fit are warm
 */
public record SizePlan(
    long rows,
    int segments,
    long vectorBytes,
    long recordBytes,
    long idBytes,
    long lmdbBytes,
    long compactBytes,
    long loadBytes,
    Tier tier) {

  private static final long EMPTY_LMDB_BYTES =
      1 << 17; // tables, commit stamp, pages that were freed
  private static final int ROW_NUMBER_BYTES = 4;

  /**
   * Plans for rows of a collection that indexes no metadata.
   *
   * @param rows 1..2,147,483,647
   * @param example id and metadata of it are taken as the usual ones; its vector is not looked at
   * @param options of the database: its memory limits a segment
   * @throws FirnException.InvalidInput if there are too many rows or none
   */
  public static SizePlan of(CollectionSpec spec, long rows, Row example, Options options) {
    if (rows < 1 || rows > Integer.MAX_VALUE) {
      throw new FirnException.InvalidInput(
          "rows must be 1..%d but is %d: a collection numbers its rows in 32 bits. Plan several collections."
              .formatted(Integer.MAX_VALUE, rows));
    }
    int threads = Runtime.getRuntime().availableProcessors();
    int most = NodeRecordBuilder.maxRows(spec, threads, options.memoryBytes());
    String text = example.rowId().text();
    int textBytes = text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    SegmentSize full = SegmentSize.of(spec, most, textBytes);
    SegmentSize last = SegmentSize.of(spec, (int) (rows % most), textBytes);
    long fullOnes = rows / most;
    int lastOnes = rows % most == 0 ? 0 : 1;
    int largest = (int) Math.min(rows, most);
    SegmentSize all = full.times(fullOnes).plus(last.times(lastOnes));
    return new SizePlan(
        rows,
        (int) fullOnes + lastOnes,
        all.vectorBytes(),
        all.recordBytes(),
        all.idBytes(),
        lmdbBytes(rows, example),
        all.compactBytes(),
        NodeRecordBuilder.buildBytes(spec, threads, largest),
        tier(all, options.memoryBytes()));
  }

  private static Tier tier(SegmentSize all, long memoryBytes) {
    if (all.fileBytes() <= memoryBytes) {
      return Tier.HOT;
    }
    return all.compactBytes() <= memoryBytes ? Tier.WARM : Tier.COLD;
  }

  private static long lmdbBytes(long rows, Row example) {
    int idKeyBytes = Table.key(0, example.rowId()).length;
    int rowKeyBytes = Table.key(0, 0).length;
    int recordBytes = new RowRecord(example.rowId(), example.metadata()).encode().length;
    return EMPTY_LMDB_BYTES
        + LmdbTableSize.bytes(rows, idKeyBytes, ROW_NUMBER_BYTES)
        + LmdbTableSize.bytes(rows, rowKeyBytes, recordBytes);
  }

  /** Bytes of all files. */
  public long diskBytes() {
    return searchBytes() + lmdbBytes;
  }

  /** Memory in which all that searches read stays: with less, some wait for the disk. */
  public long searchBytes() {
    return vectorBytes + recordBytes + idBytes;
  }
}
