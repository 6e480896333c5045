package io.firn.write;

import io.firn.CollectionSpec;
import io.firn.hnsw.HnswGraph;
import io.firn.search.FreshSegment;
import io.firn.search.IdFile;
import io.firn.search.NodeRecordBuilder;
import io.firn.search.RowLayout;
import io.firn.search.Rows;
import io.firn.search.SealedSegment;
import io.firn.search.VectorFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.SegmentFile;
import io.firn.store.SegmentWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import org.agrona.collections.MutableInteger;

/**
 * Writes the files of sealed segments and of graph checkpoints. Every file is complete, forced and
 * renamed when a method returns; the manifest's commit makes it count. Safe for any thread.
 */
public final class SegmentFiles {

  /** Kind of the file with a checkpoint: the graph of fresh rows as far as it was linked. */
  public static final String CHECKPOINT = "ckpt";

  private static final int COPY_BYTES = 1 << 16;

  /** Rows copied between two calls of whoever wants to know, or to stop it. */
  private static final int ROWS_PER_STEP = 4_096;

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

  /**
   * Writes rows, builds their graph, and opens what was written.
   *
   * @param ids of the rows that are alive
   * @param threads that build the graph
   * @param progress hears from time to time how many rows are linked; what it throws ends the seal
   *     and leaves nothing
   */
  SealedSegment seal(
      CollectionSpec spec, LiveRows rows, StoredIds.Lookup ids, int threads, IntConsumer progress)
      throws IOException {
    long id = nextId.getAndIncrement();
    var layout = new RowLayout(spec.dimension(), spec.metric());
    try (Arena arena = Arena.ofShared()) {
      writeVectors(id, layout, rows, progress);
      VectorFile vectors = VectorFile.open(directory, id, layout, arena);
      IdFile.write(directory, id, vectors.size(), new StoredIds(vectors, ids));
      NodeRecordBuilder.write(directory, id, spec, vectors, threads, progress);
      return SealedSegment.open(directory, id, spec);
    } catch (Throwable e) {
      discard(id, e);
      throw e;
    }
  }

  /** Begins a segment whose rows come one by one, numbered from {@code firstRowNumber} on. */
  SpooledRows spool(CollectionSpec spec, int firstRowNumber) throws IOException {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    return SpooledRows.create(directory, nextId.getAndIncrement(), layout, firstRowNumber);
  }

  /** Writes the vector file of rows that have all come; their spooled vectors are deleted. */
  void writeVectors(CollectionSpec spec, SpooledRows rows) throws IOException {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    rows.finish();
    int[] rowNumbers = new int[rows.count()];
    Arrays.setAll(rowNumbers, i -> rows.firstRowNumber() + i);
    try (SegmentWriter writer = begin(rows.segmentId(), layout, rowNumbers)) {
      Spool.Reader vectors = rows.vectors().read();
      byte[] chunk = new byte[COPY_BYTES];
      for (long left = rows.vectors().bytes(); left > 0; left -= chunk.length) {
        if (left < chunk.length) {
          chunk = new byte[(int) left];
        }
        vectors.next(chunk);
        writer.append(MemorySegment.ofArray(chunk));
      }
      writer.finish();
    }
    rows.vectors().delete();
  }

  /** Builds the segment of rows whose vector file is written, and opens it. */
  void build(CollectionSpec spec, SpooledRows rows, int threads, IntConsumer progress)
      throws IOException {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    long id = rows.segmentId();
    try (Arena arena = Arena.ofShared()) {
      VectorFile vectors = VectorFile.open(directory, id, layout, arena);
      IdFile.write(directory, id, vectors.size(), new StoredIds(vectors, new SpooledIds(rows)));
      NodeRecordBuilder.write(directory, id, spec, vectors, threads, progress);
    }
    rows.setSealed(SealedSegment.open(directory, id, spec));
  }

  /** Deletes what there is of a segment: on a full disk, nothing else gives the space back. */
  private void discard(long id, Throwable cause) {
    try {
      discard(id);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Deletes what there is of a segment. */
  void discard(long id) throws IOException {
    for (String kind : SealedSegment.KINDS) {
      if (directory.io().exists(directory.segmentPath(kind, id))) {
        directory.io().delete(directory.segmentPath(kind, id));
      }
    }
  }

  private void writeVectors(long id, RowLayout layout, LiveRows rows, IntConsumer progress)
      throws IOException {
    int[] rowNumbers = new int[rows.count()];
    var next = new MutableInteger();
    rows.forEach((_, _, rowNumber) -> rowNumbers[next.value++] = rowNumber);
    try (SegmentWriter writer = begin(id, layout, rowNumbers)) {
      rows.forEach((held, ordinal, _) -> {
        if (ordinal % ROWS_PER_STEP == 0) {
          progress.accept(0);
        }
        writer.append(row(held, ordinal, layout.strideBytes()));
      });
      writer.finish();
    }
  }

  /** Begins a vector file and writes all that comes before its rows. */
  private SegmentWriter begin(long id, RowLayout layout, int[] rowNumbers) throws IOException {
    int count = rowNumbers.length;
    long rowsAt = VectorFile.rowsAt(count);
    long payloadBytes = rowsAt + count * layout.strideBytes();
    SegmentWriter writer =
        SegmentFile.create(
            directory, VectorFile.KIND, id, VectorFile.attributes(layout, count), payloadBytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment padded = arena.allocate(Math.max(rowsAt, 1));
      MemorySegment.copy(rowNumbers, 0, padded, INT, 0, count);
      writer.append(padded.asSlice(0, rowsAt));
      return writer;
    } catch (Throwable e) {
      writer.close();
      throw e;
    }
  }

  private static MemorySegment row(Rows rows, int ordinal, long bytes) {
    return rows.memory(ordinal).asSlice(rows.offset(ordinal), bytes);
  }

  /** Writes the graph of a fresh segment as far as it goes; returns the file's number. */
  long checkpoint(FreshSegment fresh) throws IOException {
    long id = nextId.getAndIncrement();
    HnswGraph graph = fresh.graph();
    long bytes = graph.byteSize();
    try (Arena arena = Arena.ofConfined();
        SegmentWriter writer =
            SegmentFile.create(
                directory,
                CHECKPOINT,
                id,
                new long[] {graph.size(), fresh.firstRowNumber()},
                bytes)) {
      MemorySegment memory = arena.allocate(bytes, 64);
      graph.writeTo(memory);
      writer.append(memory);
      writer.finish();
    }
    return id;
  }

  /** Deletes a checkpoint that no commit refers to any more. */
  void deleteCheckpoint(long id) throws IOException {
    directory.discard(directory.segmentPath(CHECKPOINT, id));
  }
}
