package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.hnsw.NodeLinks;
import io.firn.simd.CacheLines;
import io.firn.simd.CodeBlock;
import io.firn.simd.ScalarCodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The graph of a sealed segment in a fifth of the memory of its vectors: each node in 4-bit codes
 * and the ids of its neighbours, whose codes are read where they are. Made from the records, into
 * memory that the system may take back and read again: it ends with the process. Little-endian; L
 * is the code length.
 *
 * <pre>
 * offset      bytes  field of a node
 *      0          4  lower    float32, value of code 0
 *      4          4  step     float32, value of one step of the codes
 *      8          4  own      float32, what the node alone adds to its distance
 *     12          4  others   float32, squared length that is not coded
 *     16        L/2  codes    packed as {@link ScalarCodes} says
 * 16+L/2  32*idBytes ids      unused slots hold the node itself
 * </pre>
 *
 * <p>Any thread; whoever reads it has pinned it.
 */
final class CompactRecords implements NodeLinks {

  static final long STEP_AT = 4;
  static final long OWN_AT = 8;
  static final long OTHERS_AT = 12;
  static final long CODES_AT = 16;

  private static final int MOST_SHORT_IDS = 1 << 24;

  /** Behind the last node, so that its lines may be touched in whole. */
  private static final long SPARE_BYTES = 256;

  private static final long TOUCHED_BYTES = 128; // of ids

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final Pins pins = new Pins();
  private final Arena arena;
  private final MemorySegment memory;
  private final int size;
  private final int length;
  private final int idBytes;
  private final int idMask;
  private final long strideBytes;

  /**
   * The form of a segment.
   *
   * @param size nodes
   * @param length of their codes
   * @param memory {@link #bytes} that {@link CompactEncoder} wrote
   * @param arena of the memory, closed when nobody needs it
   */
  CompactRecords(int size, int length, MemorySegment memory, Arena arena) {
    this.arena = arena;
    this.memory = memory;
    this.size = size;
    this.length = length;
    this.idBytes = idBytes(size);
    this.idMask = idBytes == 3 ? MOST_SHORT_IDS - 1 : -1;
    this.strideBytes = strideBytes(length, size);
  }

  static int idBytes(int size) {
    return size <= MOST_SHORT_IDS ? 3 : Integer.BYTES;
  }

  static long strideBytes(int length, int size) {
    return CODES_AT + length / 2 + (long) CodeBlock.SLOTS * idBytes(size);
  }

  static long idsAt(int length) {
    return CODES_AT + length / 2;
  }

  /** Bytes of memory that the form of a segment takes. */
  static long bytes(NodeRecordFile file) {
    return bytes(file.layout().codeLength(), file.size());
  }

  /** The same of a segment that is planned; none of no rows. */
  static long bytes(int length, int size) {
    return size == 0 ? 0 : size * strideBytes(length, size) + SPARE_BYTES;
  }

  private int neighbour(int node, int slot) {
    long at = node * strideBytes + idsAt() + (long) slot * idBytes;
    return memory.get(INT, at) & idMask; // the byte behind a short id is of the next one
  }

  long idsAt() {
    return idsAt(length);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int degree() {
    return CodeBlock.SLOTS;
  }

  @Override
  public int neighbours(int node, int[] into) {
    int count = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int next = neighbour(node, slot);
      into[count] = next;
      // what the system brings back may have rotted: a recall lost, but no read anywhere else
      count += next == node || Integer.compareUnsigned(next, size) >= 0 ? 0 : 1;
    }
    return count;
  }

  @Override
  public int touch(int[] nodes, int from, int count) {
    int last = from + count - 1;
    return CacheLines.touch4(
        memory,
        nodes[from] * strideBytes + idsAt(),
        nodes[Math.min(from + 1, last)] * strideBytes + idsAt(),
        nodes[Math.min(from + 2, last)] * strideBytes + idsAt(),
        nodes[last] * strideBytes + idsAt(),
        TOUCHED_BYTES);
  }

  long strideBytes() {
    return strideBytes;
  }

  MemorySegment memory() {
    return memory;
  }

  /** Bytes of memory. */
  long bytes() {
    return memory.byteSize();
  }

  boolean tryPin() {
    return pins.tryPin();
  }

  void unpin() {
    if (pins.unpin()) {
      arena.close();
    }
  }

  /** Frees it, once nobody reads it any more. Called once. */
  void retire() {
    if (pins.retire()) {
      arena.close();
    }
  }
}
