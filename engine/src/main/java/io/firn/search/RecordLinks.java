package io.firn.search;

import io.firn.hnsw.NodeLinks;
import io.firn.simd.CacheLines;
import io.firn.simd.CodeBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The links of a sealed segment: the ids at the head of each {@link NodeRecordLayout record}.
 *
 * @param inMemory whether touching is worth it: what is on the disk would be waited for there, and
 *     of what is touched ahead some is not needed
 */
record RecordLinks(NodeRecordFile file, boolean inMemory) implements NodeLinks {

  private static final ValueLayout.OfInt ID =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @Override
  public int size() {
    return file.size();
  }

  @Override
  public int degree() {
    return CodeBlock.SLOTS;
  }

  @Override
  public int neighbours(int node, int[] into) {
    file.requireSound(node);
    MemorySegment records = file.records();
    long at = node * file.layout().strideBytes();
    int count = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int next = records.get(ID, at + 4L * slot);
      into[count] = next;
      count += next == node ? 0 : 1; // unused slots hold the node itself
    }
    return count;
  }

  @Override
  public int touch(int[] nodes, int from, int count) {
    if (!inMemory) {
      return 0;
    }
    long strideBytes = file.layout().strideBytes();
    int last = from + count - 1;
    return CacheLines.touch4(
        file.records(),
        nodes[from] * strideBytes,
        nodes[Math.min(from + 1, last)] * strideBytes,
        nodes[Math.min(from + 2, last)] * strideBytes,
        nodes[last] * strideBytes,
        NodeRecordLayout.AFFINE_AT); // the ids, which come first
  }
}
