package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.hnsw.Graph;
import io.firn.hnsw.HnswGraph;
import io.firn.search.FreshSegment;
import io.firn.search.NodeRecordFile;
import io.firn.search.NodeRecordWriter;
import io.firn.search.RowLayout;
import io.firn.search.Rows;
import io.firn.search.SealedSegment;
import io.firn.search.Segment;
import io.firn.search.VectorFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the files of sealed segments and of graph checkpoints. Every file is complete, forced and
 * renamed when a method returns; the manifest's commit makes it count. Indexer thread only.
 */
public final class SegmentFiles {

  /** Kind of the file with a checkpoint: the graph of fresh rows as far as it was linked. */
  public static final String CHECKPOINT = "ckpt";

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final DatabaseDirectory directory;
  private final AtomicLong nextId;

  /**
   * Files of one database.
   *
   * @param nextId above the number of every segment file there is
   */
  public SegmentFiles(DatabaseDirectory directory, long nextId) {
    this.directory = directory;
    this.nextId = new AtomicLong(nextId);
  }

  /** Writes all files of a segment that has a complete graph and opens what was written. */
  SealedSegment seal(CollectionSpec spec, FreshSegment segment) throws IOException {
    long id = nextId.getAndIncrement();
    var layout = new RowLayout(spec.dimension(), spec.metric());
    try {
      writeVectors(id, layout, segment);
      writeGraph(SealedSegment.GRAPH, id, segment.graph(), 0);
      writeRecords(directory, id, spec, segment.rows(), segment.graph());
      return SealedSegment.open(directory, id, spec);
    } catch (Throwable e) {
      discard(id, e);
      throw e;
    }
  }

  /** Deletes what there is of a segment: on a full disk, nothing else gives the space back. */
  private void discard(long id, Throwable cause) {
    for (String kind : SealedSegment.KINDS) {
      try {
        if (directory.io().exists(directory.segmentPath(kind, id))) {
          directory.io().delete(directory.segmentPath(kind, id));
        }
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }

  private void writeVectors(long id, RowLayout layout, Segment segment) throws IOException {
    int count = segment.size();
    long rowsAt = VectorFile.rowsAt(count);
    long[] attributes = VectorFile.attributes(layout, count);
    long payloadBytes = rowsAt + count * layout.strideBytes();
    try (Arena arena = Arena.ofConfined();
        SegmentFile.Writer writer =
            SegmentFile.create(directory, VectorFile.KIND, id, attributes, payloadBytes)) {
      MemorySegment rowNumbers = arena.allocate(Math.max(rowsAt, 1));
      for (int ordinal = 0; ordinal < count; ordinal++) {
        rowNumbers.setAtIndex(INT, ordinal, segment.rowNumber(ordinal));
      }
      writer.append(rowNumbers.asSlice(0, rowsAt));
      for (int ordinal = 0; ordinal < count; ordinal++) {
        writer.append(row(segment.rows(), ordinal, layout.strideBytes()));
      }
      writer.finish();
    }
  }

  private static MemorySegment row(Rows rows, int ordinal, long bytes) {
    return rows.memory(ordinal).asSlice(rows.offset(ordinal), bytes);
  }

  /** Writes the record of each node; also how damaged ones are made again. */
  public static void writeRecords(
      DatabaseDirectory directory, long id, CollectionSpec spec, Rows rows, Graph graph)
      throws IOException {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    var records = new NodeRecordWriter(layout, rows, graph, spec.seed());
    try (SegmentFile.Writer writer =
        SegmentFile.create(
            directory, NodeRecordFile.KIND, id, records.attributes(), records.payloadBytes())) {
      records.writeTo(writer);
      writer.finish();
    }
  }

  /** Writes a graph under a number of its own; also how a damaged one is made again. */
  public static void writeGraph(
      DatabaseDirectory directory, String kind, long id, HnswGraph graph, long firstRowNumber)
      throws IOException {
    long bytes = graph.byteSize();
    try (Arena arena = Arena.ofConfined();
        SegmentFile.Writer writer =
            SegmentFile.create(
                directory, kind, id, new long[] {graph.size(), firstRowNumber}, bytes)) {
      MemorySegment memory = arena.allocate(bytes, 64);
      graph.writeTo(memory);
      writer.append(memory);
      writer.finish();
    }
  }

  private void writeGraph(String kind, long id, HnswGraph graph, long firstRowNumber)
      throws IOException {
    writeGraph(directory, kind, id, graph, firstRowNumber);
  }

  /** Writes the graph of a fresh segment as far as it goes; returns the file's number. */
  long checkpoint(FreshSegment fresh) throws IOException {
    long id = nextId.getAndIncrement();
    writeGraph(CHECKPOINT, id, fresh.graph(), fresh.firstRowNumber());
    return id;
  }

  /** Deletes a checkpoint that no commit refers to any more. */
  void deleteCheckpoint(long id) throws IOException {
    directory.io().delete(directory.segmentPath(CHECKPOINT, id));
  }
}
