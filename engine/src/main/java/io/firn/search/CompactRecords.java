package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.FirnException;
import io.firn.hnsw.NodeLinks;
import io.firn.simd.CacheLines;
import io.firn.simd.CodeBlock;
import io.firn.simd.ScalarCodes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The graph of a sealed segment in a fifth of the memory of its vectors: each node in 4-bit codes
 * and the ids of its neighbours, whose codes are read where they are. Made from the records, and
 * only in memory: it ends with the process. Little-endian; L is the code length.
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

  /** Of 4-bit codes in steps of 8-bit ones: 15 of these are 255 of those. */
  private static final int STEPS = 17;

  private static final int MOST_SHORT_IDS = 1 << 24;

  /** Behind the last node, so that its lines may be touched in whole. */
  private static final long SPARE_BYTES = 256;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Nodes made between two looks whether to go on. */
  private static final int NODES_PER_STEP = 1_024;

  private final Pins pins = new Pins();
  private final Arena arena;
  private final NodeRecordFile file;
  private final MemorySegment memory;
  private final boolean product;
  private final int length;
  private final int idBytes;
  private final int idMask;
  private final long strideBytes;

  private CompactRecords(NodeRecordFile file, Arena arena) {
    this.file = file;
    this.arena = arena;
    this.product = file.space().product();
    this.length = file.layout().codeLength();
    this.idBytes = idBytes(file.size());
    this.idMask = idBytes == 3 ? MOST_SHORT_IDS - 1 : -1;
    this.strideBytes = strideBytes(length, file.size());
    this.memory = arena.allocate(bytes(file), CacheLines.BYTES);
  }

  private static int idBytes(int size) {
    return size <= MOST_SHORT_IDS ? 3 : Integer.BYTES;
  }

  private static long strideBytes(int length, int size) {
    return CODES_AT + length / 2 + (long) CodeBlock.SLOTS * idBytes(size);
  }

  /** Bytes of memory that the form of a segment takes. */
  static long bytes(NodeRecordFile file) {
    return file.size() * strideBytes(file.layout().codeLength(), file.size()) + SPARE_BYTES;
  }

  /**
   * Makes the form of a segment, reading its records from first to last.
   *
   * @param goOn asked between steps; may take its time
   * @return null if it was not to go on
   * @throws FirnException.Corrupt if a record is damaged or names a node that cannot exist
   */
  static @Nullable CompactRecords of(NodeRecordFile file, BooleanSupplier goOn) {
    Arena arena = Arena.ofShared();
    boolean made = false;
    try {
      var compact = new CompactRecords(file, arena);
      for (int from = 0; from < file.size(); from += NODES_PER_STEP) {
        if (!goOn.getAsBoolean()) {
          return null;
        }
        compact.make(from, Math.min(file.size(), from + NODES_PER_STEP));
      }
      made = true;
      return compact;
    } finally {
      if (!made) {
        arena.close();
      }
    }
  }

  private void make(int from, int to) {
    file.willNeed(from, to);
    float[] fine = new float[length];
    for (int node = from; node < to; node++) {
      file.requireSound(node);
      long at = node * strideBytes;
      long recordAt = node * file.layout().strideBytes();
      makeHead(recordAt, at, fine);
      for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
        int id = file.records().get(INT, recordAt + 4L * slot);
        if (id < 0 || id >= file.size()) {
          throw new FirnException.Corrupt(
              "%s must name neighbours 0..%d but node %d names %d: the file is damaged. Close the database and delete it, the next open builds it again."
                  .formatted(file.file().path(), file.size() - 1, node, id),
              null);
        }
        putId(at + idsAt() + (long) slot * idBytes, id);
      }
    }
  }

  private void putId(long at, int id) {
    for (int i = 0; i < idBytes; i++) {
      memory.set(ValueLayout.JAVA_BYTE, at + i, (byte) (id >>> (8 * i)));
    }
  }

  /**
   * The head again in a sixteenth of the levels. What the node adds to a squared length is made so
   * that what rounding adds on average is taken away.
   */
  private void makeHead(long recordAt, long at, float[] fine) {
    MemorySegment records = file.records();
    float lower = records.get(FLOAT, recordAt + NodeRecordLayout.LOWER_AT);
    float step = records.get(FLOAT, recordAt + NodeRecordLayout.STEP_AT);
    float others = records.get(FLOAT, recordAt + NodeRecordLayout.OTHERS_AT);
    double own = others;
    for (int i = 0; i < length; i++) {
      fine[i] = ScalarCodes.get8(records, recordAt + NodeRecordLayout.HEAD_AT, i);
    }
    ScalarCodes.encode4(fine, length, 0, 1f / STEPS, memory, at + CODES_AT);
    for (int i = 0; i < length; i++) {
      int inFineSteps = STEPS * ScalarCodes.get4(memory, at + CODES_AT, i);
      double value = lower + (double) step * inFineSteps;
      double error = (double) step * (inFineSteps - fine[i]);
      own += value * value - error * error;
    }
    memory.set(FLOAT, at, lower);
    memory.set(FLOAT, at + STEP_AT, step * STEPS);
    memory.set(FLOAT, at + OTHERS_AT, others);
    memory.set(
        FLOAT,
        at + OWN_AT,
        product ? records.get(FLOAT, recordAt + NodeRecordLayout.OWN_AT) : (float) own);
  }

  private int neighbour(int node, int slot) {
    long at = node * strideBytes + idsAt() + (long) slot * idBytes;
    return memory.get(INT, at) & idMask; // the byte behind a short id is of the next one
  }

  long idsAt() {
    return CODES_AT + length / 2;
  }

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
    int count = 0;
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int next = neighbour(node, slot);
      into[count] = next;
      count += next == node ? 0 : 1;
    }
    return count;
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
