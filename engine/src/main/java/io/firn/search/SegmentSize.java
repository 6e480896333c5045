package io.firn.search;

import io.firn.CollectionSpec;
import io.firn.store.SegmentFile;

/**
 * What a sealed segment takes, from its shape alone.
 *
 * @param vectorBytes of the file of float32 rows
 * @param recordBytes of the file of node records, which every search walks
 * @param idBytes of the file of ids
 * @param compactBytes of the compact form, if one is made
 */
public record SegmentSize(long vectorBytes, long recordBytes, long idBytes, long compactBytes) {

  /**
   * The size of a segment of so many rows.
   *
   * @param textIdBytes UTF-8 bytes of each id, 0 if ids are longs
   */
  public static SegmentSize of(CollectionSpec spec, int rows, int textIdBytes) {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    CodedSpace space = CodedSpace.shape(layout);
    return new SegmentSize(
        SegmentFile.fileBytes(VectorFile.rowsAt(rows) + rows * layout.strideBytes()),
        SegmentFile.fileBytes(NodeRecordFile.payloadBytes(space, rows)),
        SegmentFile.fileBytes(IdFile.payloadBytes(rows, textIdBytes)),
        CompactRecords.bytes(space.codeLength(), rows));
  }

  /** Of so many of them. */
  public SegmentSize times(long segments) {
    return new SegmentSize(
        segments * vectorBytes,
        segments * recordBytes,
        segments * idBytes,
        segments * compactBytes);
  }

  /** Of both. */
  public SegmentSize plus(SegmentSize other) {
    return new SegmentSize(
        vectorBytes + other.vectorBytes,
        recordBytes + other.recordBytes,
        idBytes + other.idBytes,
        compactBytes + other.compactBytes);
  }

  /** Of all files together. */
  public long fileBytes() {
    return vectorBytes + recordBytes + idBytes;
  }
}
