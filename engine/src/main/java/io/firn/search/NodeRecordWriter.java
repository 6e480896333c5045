package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.Metric;
import io.firn.hnsw.Graph;
import io.firn.quantization.Distance;
import io.firn.quantization.NeighbourEncoder;
import io.firn.quantization.RabitqQuantizer;
import io.firn.simd.CodeBlock;
import io.firn.simd.ScalarCodes;
import io.firn.simd.Vectors;
import io.firn.store.SegmentFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Makes the record of each node from the rows and the bottom layer of their graph. Deterministic:
 * equal rows and graph give equal bytes. One use, one thread.
 */
public final class NodeRecordWriter {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(LITTLE_ENDIAN);
  private static final int HEAD_LEVELS = 255;

  private final RowLayout rowLayout;
  private final Rows rows;
  private final Graph graph;
  private final RabitqQuantizer quantizer;
  private final NodeRecordLayout layout;
  private final CodeBlock block;
  private final NeighbourEncoder encoder;
  private final float[] vector;
  private final float[] head;
  private final float[] rotated;
  private final float[] rotatedMean;
  private final float[] neighbours;
  private final float[] deviations = new float[CodeBlock.SLOTS];
  private final int[] links;

  public NodeRecordWriter(RowLayout rowLayout, Rows rows, Graph graph, long seed) {
    this.rowLayout = rowLayout;
    this.rows = rows;
    this.graph = graph;
    this.vector = new float[rowLayout.dimension()];
    float[] mean = mean();
    Distance distance = NodeRecordFile.estimated(rowLayout.metric());
    this.quantizer =
        new RabitqQuantizer(NodeRecordLayout.bits(rowLayout.dimension()), distance, seed, mean);
    int length = quantizer.codeLength();
    this.layout = new NodeRecordLayout(length, quantizer.bits());
    this.block = layout.block();
    this.encoder = quantizer.neighbours();
    this.head = new float[length];
    this.rotated = new float[length];
    this.rotatedMean = new float[length];
    this.neighbours = new float[CodeBlock.SLOTS * length];
    this.links = new int[graph.params().maxDegree(0)];
    for (int i = 0; i < mean.length; i++) {
      mean[i] *= 2; // transform takes one mean away again
    }
    quantizer.transform(mean, rotatedMean);
  }

  private float[] mean() {
    double[] sum = new double[vector.length];
    for (int node = 0; node < graph.size(); node++) {
      read(node);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += vector[i];
      }
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length && graph.size() > 0; i++) {
      mean[i] = (float) (sum[i] / graph.size());
    }
    return mean;
  }

  /** Reads a row into {@link #vector}, of unit length where only direction counts. */
  private void read(int node) {
    MemorySegment.copy(rows.memory(node), FLOAT, rows.offset(node), vector, 0, vector.length);
    if (rowLayout.metric() == Metric.COSINE) {
      Vectors.normalize(vector, vector.length);
    }
  }

  private void rotate(int node, float[] into, int at) {
    read(node);
    quantizer.transform(vector, rotated);
    System.arraycopy(rotated, 0, into, at, rotated.length);
  }

  /** The file's attributes. */
  public long[] attributes() {
    return NodeRecordFile.attributes(quantizer, graph.size());
  }

  /** Bytes that {@link #writeTo} appends. */
  public long payloadBytes() {
    return NodeRecordFile.payloadBytes(quantizer, graph.size());
  }

  /** Appends the whole payload. */
  public void writeTo(SegmentFile.Writer writer) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(NodeRecordFile.recordsAt(quantizer), 64);
      quantizer.writeTo(state);
      writer.append(state);
      MemorySegment record = arena.allocate(layout.strideBytes(), 64);
      for (int node = 0; node < graph.size(); node++) {
        writeNode(node, record);
        writer.append(record);
      }
      for (int i = 0; i < NodeRecordFile.seedRecords(graph.size()); i++) {
        writeSeeds(i, record);
        writer.append(record);
      }
    }
  }

  private void writeNode(int node, MemorySegment record) {
    record.fill((byte) 0);
    writeHead(node, record);
    // more than 32 links only with m above 16; the first are the parent and the nearest
    int count = Math.min(graph.neighbours(0, node, links), CodeBlock.SLOTS);
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      record.setAtIndex(INT, slot, slot < count ? links[slot] : node);
    }
    writeNeighbours(record, count);
  }

  /** Codes of {@code links[0..count)}, relative to {@link #head}. */
  private void writeNeighbours(MemorySegment record, int count) {
    for (int slot = 0; slot < count; slot++) {
      rotate(links[slot], neighbours, slot * head.length);
    }
    encoder.encode(record, 0, block, head, neighbours, count, deviations);
  }

  private void writeHead(int node, MemorySegment record) {
    rotate(node, head, 0);
    int length = head.length;
    float lower = Vectors.min(head, length);
    float step = (Vectors.max(head, length) - lower) / HEAD_LEVELS;
    float perStep = step == 0 ? 0 : 1 / step;
    ScalarCodes.encode8(head, length, lower, perStep, record, NodeRecordLayout.HEAD_AT);
    double squares = 0;
    double alongMean = 0;
    for (int i = 0; i < length; i++) { // from here on the head is what a search will decode
      head[i] = lower + step * ScalarCodes.get8(record, NodeRecordLayout.HEAD_AT, i);
      squares += (double) head[i] * head[i];
      alongMean += (double) head[i] * rotatedMean[i];
    }
    boolean product = quantizer.distance() == Distance.INNER_PRODUCT;
    record.set(FLOAT, NodeRecordLayout.LOWER_AT, lower);
    record.set(FLOAT, NodeRecordLayout.STEP_AT, step);
    record.set(FLOAT, NodeRecordLayout.OWN_AT, (float) (product ? -alongMean : squares));
  }

  /** Seeds are spread evenly over the ordinals; their codes are relative to the centroid. */
  private void writeSeeds(int index, MemorySegment record) {
    record.fill((byte) 0);
    java.util.Arrays.fill(head, 0);
    int all = NodeRecordFile.seedRecords(graph.size()) * CodeBlock.SLOTS;
    int seeds = Math.min(all, graph.size());
    int first = index * CodeBlock.SLOTS;
    int count = Math.min(CodeBlock.SLOTS, seeds - first);
    int[] spread = new int[count];
    for (int slot = 0; slot < count; slot++) {
      spread[slot] = (int) ((long) (first + slot) * graph.size() / seeds);
      record.setAtIndex(INT, slot, spread[slot]);
      rotate(spread[slot], neighbours, slot * head.length);
    }
    encoder.encode(record, 0, block, head, neighbours, count, deviations);
  }
}
