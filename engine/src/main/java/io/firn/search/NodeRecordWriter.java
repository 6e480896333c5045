package io.firn.search;

import io.firn.hnsw.BuildWorkers;
import io.firn.hnsw.FlatGraph;
import io.firn.store.SegmentWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.IntConsumer;

/**
 * Makes the record of each node from the rows and their graph. Deterministic: equal rows and graph
 * give equal bytes, with any number of threads. One use.
 */
final class NodeRecordWriter {

  /** Records made between two writes to the file. */
  private static final int BLOCK_RECORDS = 512;

  private final CodedSpace space;
  private final FlatGraph graph;
  private final NodeRecordLayout layout;
  private final BuildWorkers<NodeRecordEncoder> workers;

  NodeRecordWriter(RowLayout rowLayout, Rows rows, FlatGraph graph, CodedSpace space, int threads) {
    this.space = space;
    this.graph = graph;
    this.layout = new NodeRecordLayout(space.codeLength(), space.bits());
    this.workers =
        new BuildWorkers<>(
            threads,
            () -> new NodeRecordEncoder(layout, new RotatedRows(rowLayout, rows, space), space));
  }

  /**
   * Appends the whole payload.
   *
   * @param progress told before each block that all nodes are linked; what it throws ends the write
   */
  void writeTo(SegmentWriter writer, IntConsumer progress) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment state = arena.allocate(NodeRecordFile.recordsAt(space), 64);
      space.writeTo(state);
      writer.append(state);
      MemorySegment block = arena.allocate(BLOCK_RECORDS * layout.strideBytes(), 64);
      int size = graph.size();
      write(
          writer,
          block,
          size,
          progress,
          (encoder, node, at) -> encoder.node(graph, node, block, at));
      int seeds = NodeRecordFile.seedRecords(size);
      write(writer, block, seeds, progress, (encoder, i, at) -> encoder.seeds(size, i, block, at));
    }
  }

  private interface Encoding {
    void encode(NodeRecordEncoder encoder, int index, long at);
  }

  private void write(
      SegmentWriter writer, MemorySegment block, int count, IntConsumer progress, Encoding record)
      throws IOException {
    for (int first = 0; first < count; first += BLOCK_RECORDS) {
      int from = first;
      int length = Math.min(BLOCK_RECORDS, count - first);
      progress.accept(graph.size());
      block.fill((byte) 0);
      workers.run(
          length,
          (encoder, i) -> record.encode(encoder, from + i, i * layout.strideBytes()),
          _ -> {});
      writer.append(block.asSlice(0, length * layout.strideBytes()));
    }
  }
}
