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
    long affine = node + block.affineAt();
    float addBase = nodes.get(Rows.FLOAT, affine) + centroid;
    float addStep = nodes.get(Rows.FLOAT, affine + 4);
    float rescaleBase = nodes.get(Rows.FLOAT, affine + 8);
    float rescaleStep = nodes.get(Rows.FLOAT, affine + 12);
    float step = query.step();
    float bias = query.bias(block.bits());
    int found = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int add = unsigned(nodes, node + block.factorsAt() + 2L * slot);
      int rescale = unsigned(nodes, node + block.factorsAt() + 64 + 2L * slot);
      float product = Math.fma((float) sum(nodes, node, block, query, slot), step, bias);
      float estimate =
          Math.fma(
              Math.fma((float) rescale, rescaleStep, rescaleBase),
              product,
              Math.fma((float) add, addStep, addBase));
      if (estimate < threshold && add != CodeBlock.EMPTY) {
        ids[found] = nodes.get(INT, node + block.idsAt() + 4L * slot);
        estimates[found++] = estimate;
      }
    }
    return found;
  }

  private static int sum(
      MemorySegment nodes, long node, CodeBlock block, CodeQuery query, int slot) {
    MemorySegment table = query.table();
    int shift = 4 * CodeBlock.nibbleOf(slot);
    int planeBytes = 4 * block.dimension();
    long codes = node + block.codesAt() + CodeBlock.byteOf(slot);
    int sum = 0;
    for (int plane = 0; plane < block.bits(); plane++) {
      sum *= 2;
      for (int group = 0; group < planeBytes; group += 16) {
        int nibble = (nodes.get(ValueLayout.JAVA_BYTE, codes + group) >> shift) & 15;
        sum += table.get(ValueLayout.JAVA_BYTE, (long) group + nibble);
      }
      codes += planeBytes;
    }
    return sum;
  }

  private static int unsigned(MemorySegment nodes, long at) {
    return Short.toUnsignedInt(nodes.get(SHORT, at));
  }
}
