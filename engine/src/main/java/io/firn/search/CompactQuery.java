package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.hnsw.NodeRecords;
import io.firn.simd.CacheLines;
import io.firn.simd.CodeBlock;
import io.firn.simd.Uint4Product;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One query against the compact form of a sealed segment: all is in memory, and the distance of a
 * neighbour is known as well as that of a node. Reusable scratch; one thread at a time.
 */
final class CompactQuery implements NodeRecords {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** By so many standard deviations an estimate may be off before rows are left out. */
  static final double DEVIATIONS = 4;

  private static final double DEVIATION_OF_STEP = 1 / Math.sqrt(12);

  private final float[] rotated;
  private final long codeBytes; // a node's, up to its ids, in whole lines
  private final int[] neighbours = new int[CodeBlock.SLOTS];
  private final float[] distances = new float[CodeBlock.SLOTS];
  private CompactRecords compact;
  private MemorySegment memory;
  private long strideBytes;
  private boolean product;
  private float sum;
  private float squares;
  private int touched; // what touching read, kept so that it is not optimized away

  /** A query whose rotated vector is in an array. */
  CompactQuery(float[] rotated, CompactRecords compact) {
    this.rotated = rotated;
    this.codeBytes = (compact.idsAt() + CacheLines.BYTES - 1) & -CacheLines.BYTES;
    this.compact = compact;
    this.memory = compact.memory();
  }

  /** Takes the form that is searched next, pinned by the caller. */
  void take(CompactRecords compact, boolean product) {
    this.compact = compact;
    this.memory = compact.memory();
    this.strideBytes = compact.strideBytes();
    this.product = product;
  }

  /** Takes what is known of the rotated query. */
  void prepare(float sum, float squares) {
    this.sum = sum;
    this.squares = squares;
  }

  @Override
  public int size() {
    return compact.size();
  }

  @Override
  public boolean wantsAhead() {
    return false;
  }

  @Override
  public void ahead(int[] nodes, int count) {
    throw new IllegalStateException("all is in memory");
  }

  @Override
  public int touch(int[] nodes, int count) {
    return compact.touch(nodes, 0, count);
  }

  @Override
  public float distance(int node) {
    long at = node * strideBytes;
    return distance(
        at, Uint4Product.product(rotated, memory, at + CompactRecords.CODES_AT, rotated.length));
  }

  /** The distance of the node at a place whose codes have a product with the query. */
  private float distance(long at, float byCodes) {
    float own = memory.get(FLOAT, at + CompactRecords.OWN_AT);
    float along = memory.get(FLOAT, at) * sum + step(at) * byCodes;
    return product ? own - along : squares - 2 * along + own;
  }

  private float step(long at) {
    return memory.get(FLOAT, at + CompactRecords.STEP_AT);
  }

  /** What a node adds to its distance: under lengths, the square of its own. */
  float own(int node) {
    return memory.get(FLOAT, node * strideBytes + CompactRecords.OWN_AT);
  }

  /** The squared length of a node that is not coded. */
  float others(int node) {
    return memory.get(FLOAT, node * strideBytes + CompactRecords.OTHERS_AT);
  }

  /**
   * The standard deviation of the length to a node from the estimated one: values are off by up to
   * half a step, evenly, and in a direction that has nothing to do with the query's.
   */
  double deviation(int node) {
    return DEVIATION_OF_STEP * step(node * strideBytes);
  }

  @Override
  public int below(int node, float distance, float threshold, int[] nodes, float[] into) {
    int count = compact.neighbours(node, neighbours);
    score(neighbours, distances, count);
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (distances[i] < threshold) {
        nodes[found] = neighbours[i];
        into[found++] = distances[i];
      }
    }
    return found;
  }

  /** Four at a time; the memory of the next four is asked for before the first are computed. */
  void score(int[] nodes, float[] distances, int count) {
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      if (i == 0) {
        touchCodes(nodes, 0);
      }
      if (i + 8 <= count) {
        touchCodes(nodes, i + 4);
      }
      four(nodes, distances, i);
    }
    for (; i < count; i++) {
      distances[i] = distance(nodes[i]);
    }
  }

  private void touchCodes(int[] nodes, int at) {
    touched =
        CacheLines.touch4(
            memory,
            nodes[at] * strideBytes,
            nodes[at + 1] * strideBytes,
            nodes[at + 2] * strideBytes,
            nodes[at + 3] * strideBytes,
            codeBytes);
  }

  private void four(int[] nodes, float[] distances, int at) {
    Uint4Product.product4(
        rotated,
        memory,
        nodes[at] * strideBytes + CompactRecords.CODES_AT,
        nodes[at + 1] * strideBytes + CompactRecords.CODES_AT,
        nodes[at + 2] * strideBytes + CompactRecords.CODES_AT,
        nodes[at + 3] * strideBytes + CompactRecords.CODES_AT,
        rotated.length,
        distances,
        at);
    for (int i = at; i < at + 4; i++) {
      distances[i] = distance(nodes[i] * strideBytes, distances[i]);
    }
  }

  /** What was touched last; of no use but to have been read. */
  int touched() {
    return touched;
  }
}
