package io.firn.write;

import io.firn.search.RowLayout;
import io.firn.search.SealedSegment;
import io.firn.store.DatabaseDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one future segment of a load: vectors and records in a file each, until the vector
 * file can be written, whose length must be known at its start, and until the records go into the
 * tables. One thread at a time.
 */
final class SpooledRows {

  /** Kinds of its files. */
  static final List<String> KINDS = List.of("loadvec", "loadrow");

  private final long segmentId;
  private final int firstRowNumber;
  private final Spool vectors;
  private final Spool records;
  private final byte[] padding;
  private int count;
  private @Nullable SealedSegment sealed;

  private SpooledRows(
      long segmentId, int firstRowNumber, Spool vectors, Spool records, int paddingBytes) {
    this.segmentId = segmentId;
    this.firstRowNumber = firstRowNumber;
    this.vectors = vectors;
    this.records = records;
    this.padding = new byte[paddingBytes];
  }

  static SpooledRows create(
      DatabaseDirectory directory, long segmentId, RowLayout layout, int firstRowNumber)
      throws IOException {
    Spool vectors = Spool.create(directory, KINDS.getFirst(), segmentId);
    try {
      Spool records = Spool.create(directory, KINDS.getLast(), segmentId);
      int paddingBytes = (int) layout.strideBytes() - layout.dimension() * Float.BYTES;
      return new SpooledRows(segmentId, firstRowNumber, vectors, records, paddingBytes);
    } catch (Throwable e) {
      vectors.delete();
      throw e;
    }
  }

  /**
   * Adds the next row.
   *
   * @param vector little-endian floats
   * @param record an encoded {@link RowRecord}
   */
  void add(byte[] vector, byte[] record) throws IOException {
    vectors.append(vector);
    vectors.append(padding);
    records.append(ByteBuffer.allocate(Integer.BYTES).putInt(record.length).array());
    records.append(record);
    count++;
  }

  void finish() throws IOException {
    vectors.finish();
    records.finish();
  }

  long segmentId() {
    return segmentId;
  }

  /** Row numbers ascend from here without gaps. */
  int firstRowNumber() {
    return firstRowNumber;
  }

  int count() {
    return count;
  }

  /** The rows with their padding, one after the other. */
  Spool vectors() {
    return vectors;
  }

  /** Starts to read the records in the order of the row numbers. */
  RecordReader records() {
    return new RecordReader(records.read());
  }

  /** The segment that was built of the rows. */
  SealedSegment sealed() {
    SealedSegment built = sealed;
    if (built == null) {
      throw new IllegalStateException("the segment is not built yet");
    }
    return built;
  }

  void setSealed(SealedSegment built) {
    sealed = built;
  }

  /** Unmaps the segment if it is built and nobody else was given it; its files stay. */
  void release() {
    SealedSegment built = sealed;
    sealed = null;
    if (built != null) {
      built.release();
    }
  }

  /** Deletes what is not part of the segment. A second time it does nothing. */
  void delete() throws IOException {
    try {
      vectors.delete();
    } finally {
      records.delete();
    }
  }

  /** Reads records one after the other. */
  static final class RecordReader {

    private final Spool.Reader in;
    private final byte[] length = new byte[Integer.BYTES];

    private RecordReader(Spool.Reader in) {
      this.in = in;
    }

    byte[] next() throws IOException {
      in.next(length);
      byte[] record = new byte[ByteBuffer.wrap(length).getInt()];
      in.next(record);
      return record;
    }
  }
}
