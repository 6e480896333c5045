package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.hnsw.FlatGraph;
import io.firn.quantization.NeighbourEncoder;
import io.firn.simd.CodeBlock;
import io.firn.simd.ScalarCodes;
import io.firn.simd.Vectors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Encodes one record at a time into zeroed memory. For one thread. */
final class NodeRecordEncoder {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT.withOrder(LITTLE_ENDIAN);
  private static final int HEAD_LEVELS = 255;

  private final RotatedRows rows;
  private final boolean product;
  private final float[] rotatedMean;
  private final CodeBlock block;
  private final NeighbourEncoder encoder;
  private final float[] head;
  private final float[] neighbours;
  private final float[] deviations = new float[CodeBlock.SLOTS];
  private final float[] others = new float[CodeBlock.SLOTS];
  private final int[] links = new int[CodeBlock.SLOTS];

  NodeRecordEncoder(NodeRecordLayout layout, RotatedRows rows, CodedSpace space) {
    this.rows = rows;
    this.product = space.product();
    this.rotatedMean = space.rotatedMean();
    this.block = layout.block();
    this.encoder = space.neighbours();
    this.head = new float[space.codeLength()];
    this.neighbours = new float[CodeBlock.SLOTS * head.length];
  }

  /** Writes the record of a node at an offset. */
  void node(FlatGraph graph, int node, MemorySegment records, long at) {
    float own = head(node, records, at);
    int count = graph.neighbours(node, links);
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      records.set(INT, at + 4L * slot, slot < count ? links[slot] : node);
    }
    neighbours(count, own, records, at);
  }

  /**
   * Codes of {@code links[0..count)}, relative to {@link #head}.
   *
   * @param own squared length that the head lacks
   */
  private void neighbours(int count, float own, MemorySegment records, long at) {
    for (int slot = 0; slot < count; slot++) {
      others[slot] = rows.read(links[slot], neighbours, slot * head.length) - own;
    }
    encoder.encode(records, at, block, head, neighbours, others, count, deviations);
  }

  /** Returns the squared length that the head lacks. */
  private float head(int node, MemorySegment records, long at) {
    float others = rows.read(node, head, 0);
    int length = head.length;
    float lower = Vectors.min(head, length);
    float step = (Vectors.max(head, length) - lower) / HEAD_LEVELS;
    float perStep = step == 0 ? 0 : 1 / step;
    ScalarCodes.encode8(head, length, lower, perStep, records, at + NodeRecordLayout.HEAD_AT);
    double squares = others;
    double alongMean = 0;
    for (int i = 0; i < length; i++) { // from here on the head is what a search will decode
      head[i] = lower + step * ScalarCodes.get8(records, at + NodeRecordLayout.HEAD_AT, i);
      squares += (double) head[i] * head[i];
      alongMean += (double) head[i] * rotatedMean[i];
    }
    records.set(FLOAT, at + NodeRecordLayout.LOWER_AT, lower);
    records.set(FLOAT, at + NodeRecordLayout.STEP_AT, step);
    records.set(FLOAT, at + NodeRecordLayout.OWN_AT, (float) (product ? -alongMean : squares));
    records.set(FLOAT, at + NodeRecordLayout.OTHERS_AT, others);
    return others;
  }

  /**
   * Writes a seed record: seeds spread evenly over {@code size} nodes, relative to the centroid.
   */
  void seeds(int size, int index, MemorySegment records, long at) {
    Arrays.fill(head, 0);
    int seeds = Math.min(NodeRecordFile.seedRecords(size) * CodeBlock.SLOTS, size);
    int first = index * CodeBlock.SLOTS;
    int count = Math.min(CodeBlock.SLOTS, seeds - first);
    for (int slot = 0; slot < count; slot++) {
      links[slot] = (int) ((long) (first + slot) * size / seeds);
      records.set(INT, at + 4L * slot, links[slot]);
    }
    neighbours(count, 0, records, at);
  }
}
