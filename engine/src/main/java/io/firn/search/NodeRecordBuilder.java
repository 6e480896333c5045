package io.firn.search;

import io.firn.CollectionSpec;
import io.firn.Metric;
import io.firn.hnsw.FlatGraph;
import io.firn.hnsw.FlatGraphBuilder;
import io.firn.hnsw.HnswParams;
import io.firn.hnsw.NodeDistances;
import io.firn.simd.CodeBlock;
import io.firn.store.DatabaseDirectory;
import io.firn.store.SegmentFile;
import io.firn.store.SegmentWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.function.IntConsumer;

/**
 * Builds the graph of a segment's rows and writes it as node records. Equal rows and seed give
 * equal bytes, with any number of threads.
 */
public final class NodeRecordBuilder {

  /** Above it the rows themselves are compared: they are in a file and need no memory of ours. */
  private static final long MAX_CODED_BYTES = 1L << 30;

  /** The heap serves others too. */
  private static final int HEAP_SHARE = 2;

  private NodeRecordBuilder() {}

  /**
   * Writes the file of node records of a segment.
   *
   * @param progress hears from the calling thread how many rows are linked; what it throws ends the
   *     build
   */
  public static void write(
      DatabaseDirectory directory,
      long segmentId,
      CollectionSpec spec,
      VectorFile rows,
      int threads,
      IntConsumer progress)
      throws IOException {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    var varying = new VaryingDimensions(layout, rows, rows.size(), progress);
    CodedSpace space = CodedSpace.of(layout, varying.mean(), varying.find(), spec.seed());
    // the space first: on a full disk a graph must not be built in vain, again and again
    try (SegmentWriter writer =
        SegmentFile.create(
            directory,
            NodeRecordFile.KIND,
            segmentId,
            NodeRecordFile.attributes(space, rows.size()),
            NodeRecordFile.payloadBytes(space, rows.size()))) {
      FlatGraph graph = graph(layout, rows, space, spec, threads, progress);
      new NodeRecordWriter(layout, rows, graph, space, threads).writeTo(writer, progress);
      writer.finish();
    }
  }

  /**
   * Most rows of one segment that are built within so much memory, at least one. Rows are in a file
   * and read all over while records are made of them, so they count too: beyond memory a build
   * would wait for the disk at each. The graph, which is on the heap, gets half of that.
   *
   * @param memoryBytes for rows, codes and graph
   */
  public static int maxRows(CollectionSpec spec, int threads, long memoryBytes) {
    long heapBytes = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
    long rows = memoryBytes / buildBytes(spec, threads, 1);
    rows = Math.min(rows, heapBytes / graphBytes(spec, threads));
    rows = Math.min(rows, MAX_CODED_BYTES / codeBytes(spec));
    return Math.clamp(rows, 1, Integer.MAX_VALUE);
  }

  /** Memory that building a segment takes: rows, codes and graph. */
  public static long buildBytes(CollectionSpec spec, int threads, int rows) {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    return rows * (layout.strideBytes() + codeBytes(spec) + graphBytes(spec, threads));
  }

  private static long codeBytes(CollectionSpec spec) {
    var layout = new RowLayout(spec.dimension(), spec.metric());
    return CodedRows.bytes(CodedSpace.shape(layout), 1);
  }

  private static long graphBytes(CollectionSpec spec, int threads) {
    return spec.metric() == Metric.DOT
        ? FlatGraphBuilder.mixedHeapBytesPerNode(params(spec), threads)
        : FlatGraphBuilder.heapBytesPerNode(params(spec), threads);
  }

  private static HnswParams params(CollectionSpec spec) {
    int m = Math.min(spec.m(), CodeBlock.SLOTS / 2);
    return new HnswParams(m, Math.max(m, spec.efConstruction()), spec.seed());
  }

  private static FlatGraph graph(
      RowLayout layout,
      VectorFile rows,
      CodedSpace space,
      CollectionSpec spec,
      int threads,
      IntConsumer progress) {
    int size = rows.size();
    if (CodedRows.bytes(space, size) > MAX_CODED_BYTES) {
      Metric metric = layout.metric() == Metric.DOT ? Metric.EUCLIDEAN : layout.metric();
      NodeDistances lengths = Distances.between(new RowLayout(layout.dimension(), metric), rows);
      NodeDistances products = Distances.between(layout, rows);
      return link(size, spec, lengths, products, threads, progress);
    }
    try (Arena arena = Arena.ofShared()) {
      CodedRows coded =
          CodedRows.of(layout, rows, size, space, threads, arena, _ -> progress.accept(0));
      return link(size, spec, coded.lengths(), coded.products(), threads, progress);
    }
  }

  private static FlatGraph link(
      int size,
      CollectionSpec spec,
      NodeDistances lengths,
      NodeDistances products,
      int threads,
      IntConsumer progress) {
    HnswParams params = params(spec);
    return spec.metric() == Metric.DOT
        ? FlatGraphBuilder.buildMixed(size, params, products, lengths, threads, progress)
        : FlatGraphBuilder.build(size, params, lengths, threads, progress);
  }
}
