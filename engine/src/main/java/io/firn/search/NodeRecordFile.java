package io.firn.search;

import io.firn.Metric;
import io.firn.quantization.CorruptQuantizerException;
import io.firn.quantization.Distance;
import io.firn.quantization.Quantizer;
import io.firn.quantization.RabitqQuantizer;
import io.firn.simd.CodeBlock;
import io.firn.store.CorruptFileException;
import io.firn.store.DatabaseDirectory;
import io.firn.store.PageRequests;
import io.firn.store.PagingAdvice;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The node records of a sealed segment, mapped. Attributes of the file: nodes, seed records, offset
 * of the first record, bytes from record to record. Payload: the coded space, zeros up to a
 * multiple of 64, a {@link NodeRecordLayout record} for each node, then seed records, whose
 * neighbours are spread over the segment and whose head is the centroid: a search starts at the
 * best of them.
 *
 * <p>Borrowed memory: valid while the arena is open in which it was opened.
 */
public final class NodeRecordFile {

  /** The kind of segment file, and the ending of its name. */
  public static final String KIND = "records";

  private static final ValueLayout.OfInt ID =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int MAX_SEEDS = 512;

  private final SegmentFile file;
  private final CodedSpace space;
  private final NodeRecordLayout layout;
  private final int size;
  private final int seedRecords;
  private final long recordsAt;
  private final MemorySegment records;

  private NodeRecordFile(SegmentFile file, CodedSpace space, int size) {
    this.file = file;
    this.space = space;
    this.layout = new NodeRecordLayout(space.codeLength(), space.bits());
    this.size = size;
    this.seedRecords = seedRecords(size);
    this.recordsAt = recordsAt(space);
    this.records = file.payload().asSlice(recordsAt);
  }

  /** Seed records of a segment: one for each 32 of at most 512 seeds. */
  static int seedRecords(int size) {
    return Math.ceilDiv(Math.min(size, MAX_SEEDS), 32);
  }

  static long recordsAt(CodedSpace space) {
    return (space.stateBytes() + 63) & -64;
  }

  /** The file's attributes. */
  static long[] attributes(CodedSpace space, int size) {
    var layout = new NodeRecordLayout(space.codeLength(), space.bits());
    return new long[] {size, seedRecords(size), recordsAt(space), layout.strideBytes()};
  }

  /** Bytes of the payload. */
  static long payloadBytes(CodedSpace space, int size) {
    long[] attributes = attributes(space, size);
    return attributes[2] + (attributes[0] + attributes[1]) * attributes[3];
  }

  /** What the estimates in records estimate. Vectors under COSINE are brought to unit length. */
  static Distance estimated(Metric metric) {
    return metric == Metric.DOT ? Distance.INNER_PRODUCT : Distance.SQUARED_L2;
  }

  /**
   * Opens and maps the file.
   *
   * @throws IOException if the file is missing, damaged in its frame, or not of these rows
   */
  public static NodeRecordFile open(
      DatabaseDirectory directory, long segmentId, RowLayout rows, int size, Arena arena)
      throws IOException {
    SegmentFile file = SegmentFile.open(directory, KIND, segmentId, arena);
    CodedSpace space = space(file, rows);
    long[] expected = attributes(space, size);
    for (int i = 0; i < expected.length; i++) {
      expect(file, "attribute " + i, expected[i], file.attribute(i));
    }
    expect(file, "payload bytes", payloadBytes(space, size), file.payload().byteSize());
    return new NodeRecordFile(file, space, size);
  }

  private static CodedSpace space(SegmentFile file, RowLayout rows) throws CorruptFileException {
    try {
      if (Quantizer.read(file.payload()) instanceof RabitqQuantizer found
          && found.distance() == estimated(rows.metric())
          && found.bits() == NodeRecordLayout.bits(rows.dimension())) {
        if (found.dimension() < rows.dimension()) { // what follows has no checksum of its own
          file.requireSound(0, Math.clamp(file.attribute(2), 0, file.payload().byteSize()));
        }
        CodedSpace space = CodedSpace.read(found, rows.dimension(), file.payload());
        if (space != null) {
          return space;
        }
      }
    } catch (CorruptQuantizerException e) {
      throw new CorruptFileException(file.path(), 0, "quantizer", "whole", "" + e.getMessage());
    }
    throw new CorruptFileException(file.path(), 0, "quantizer", "of these rows", "another");
  }

  private static void expect(SegmentFile file, String what, long expected, long found)
      throws CorruptFileException {
    if (expected != found) {
      throw new CorruptFileException(file.path(), -1, what, "" + expected, "" + found);
    }
  }

  /**
   * Checks every link; a search checks those it follows.
   *
   * @throws CorruptFileException if one leads nowhere
   */
  public void validate() throws CorruptFileException {
    for (long record = 0; record < (long) size + seedRecords; record++) {
      for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
        long at = record * layout.strideBytes() + 4L * slot;
        int neighbour = records.get(ID, at);
        if (neighbour < 0 || neighbour >= size) {
          throw new CorruptFileException(
              file.path(), at, "a neighbour", "0.." + (size - 1), "" + neighbour);
        }
      }
    }
  }

  public SegmentFile file() {
    return file;
  }

  CodedSpace space() {
    return space;
  }

  NodeRecordLayout layout() {
    return layout;
  }

  int size() {
    return size;
  }

  /** Seed records follow the nodes' records. */
  int seedRecords() {
    return seedRecords;
  }

  MemorySegment records() {
    return records;
  }

  /** Verifies a record, of a node or of seeds, before it is believed. */
  void requireSound(int record) {
    long strideBytes = layout.strideBytes();
    MappedBytes.requireSound(file, recordsAt + record * strideBytes, strideBytes);
  }

  /** Has the records of nodes from one on, before another, read ahead together. */
  void willNeed(int from, int to) {
    long strideBytes = layout.strideBytes();
    PagingAdvice.willNeed(records.asSlice(from * strideBytes, (to - from) * strideBytes));
  }

  /** Has a record read ahead. */
  void ask(PageRequests requests, int record) {
    long strideBytes = layout.strideBytes();
    file.ask(requests, recordsAt + record * strideBytes, strideBytes);
  }
}
