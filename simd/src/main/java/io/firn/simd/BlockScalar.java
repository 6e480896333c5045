package io.firn.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Scalar twin of the block kernels. Its sums are integers and its rounding steps are theirs, so
 * results are equal bit for bit.
 */
final class BlockScalar implements BlockKernel {

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  @Override
  public int below(
      MemorySegment nodes,
      long node,
      CodeBlock block,
      CodeQuery query,
      float centroid,
      float threshold,
      int[] ids,
      float[] estimates) {
    float step = query.step();
    float bias = query.bias(block.bits());
    int found = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      float product = Math.fma((float) sum(nodes, node, block, query, slot), step, bias);
      float estimate = estimate(nodes, node, block, slot, product, centroid);
      if (estimate < threshold && !isEmpty(nodes, node, block, slot)) {
        ids[found] = nodes.get(INT, node + block.idsAt() + 4L * slot);
        estimates[found++] = estimate;
      }
    }
    return found;
  }

  /** The estimate of a slot from ⟨x̄, q⟩. */
  static float estimate(
      MemorySegment nodes, long node, CodeBlock block, int slot, float product, float centroid) {
    long affine = node + block.affineAt();
    long factors = node + block.factorsAt() + 2L * slot;
    float addBase = nodes.get(Rows.FLOAT, affine) + centroid;
    float addStep = nodes.get(Rows.FLOAT, affine + 4);
    float rescaleBase = nodes.get(Rows.FLOAT, affine + 8);
    float rescaleStep = nodes.get(Rows.FLOAT, affine + 12);
    return Math.fma(
        Math.fma((float) unsigned(nodes, factors + 64), rescaleStep, rescaleBase),
        product,
        Math.fma((float) unsigned(nodes, factors), addStep, addBase));
  }

  static boolean isEmpty(MemorySegment nodes, long node, CodeBlock block, int slot) {
    return unsigned(nodes, node + block.factorsAt() + 2L * slot) == CodeBlock.EMPTY;
  }

  private static int sum(
      MemorySegment nodes, long node, CodeBlock block, CodeQuery query, int slot) {
    int dimension = block.dimension();
    long plane = node + block.codesAt();
    int sum = 0;
    for (int bit = 0; bit < block.bits(); bit++) {
      sum = 2 * sum + planeSum(nodes, plane, query, dimension, slot);
      plane += 4L * dimension;
    }
    return sum;
  }

  /** Sum of the table entries that the first dimensions of one plane select. */
  static int planeSum(MemorySegment nodes, long plane, CodeQuery query, int dimensions, int slot) {
    MemorySegment table = query.table();
    int shift = 4 * CodeBlock.nibbleOf(slot);
    long codes = plane + CodeBlock.byteOf(slot);
    int sum = 0;
    for (int group = 0; group < 4 * dimensions; group += 16) {
      int nibble = (nodes.get(ValueLayout.JAVA_BYTE, codes + group) >> shift) & 15;
      sum += table.get(ValueLayout.JAVA_BYTE, (long) group + nibble);
    }
    return sum;
  }

  private static int unsigned(MemorySegment nodes, long at) {
    return Short.toUnsignedInt(nodes.get(SHORT, at));
  }
}
