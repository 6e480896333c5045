package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.FirnException;
import io.firn.simd.CodeBlock;
import io.firn.simd.ScalarCodes;
import io.firn.store.DatabaseDirectory;
import io.firn.store.ScratchFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the {@link CompactRecords} of a segment from its records. For one thread, used once. */
final class CompactEncoder {

  /** Of the file, which has no name but while it is written. */
  static final String KIND = "compact";

  /** Of 4-bit codes in steps of 8-bit ones: 15 of these are 255 of those. */
  private static final int STEPS = 17;

  /** Nodes made between two looks whether to go on. */
  private static final int NODES_PER_STEP = 1_024;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final NodeRecordFile file;
  private final boolean product;
  private final int length;
  private final int idBytes;
  private final long strideBytes;
  private final float[] fine;
  private final MemorySegment chunk; // nodes of a step

  private CompactEncoder(NodeRecordFile file, Arena arena) {
    this.file = file;
    this.product = file.space().product();
    this.length = file.layout().codeLength();
    this.idBytes = CompactRecords.idBytes(file.size());
    this.strideBytes = CompactRecords.strideBytes(length, file.size());
    this.fine = new float[length];
    this.chunk = arena.allocate(NODES_PER_STEP * strideBytes);
  }

  /**
   * Makes the form of a segment, reading its records from first to last.
   *
   * @param goOn asked between steps; may take its time
   * @return null if it was not to go on
   * @throws FirnException.Corrupt if a record is damaged or names a node that cannot exist
   * @throws IOException if there is no room for it on the disk
   */
  static @Nullable CompactRecords encode(
      DatabaseDirectory directory, long segmentId, NodeRecordFile file, BooleanSupplier goOn)
      throws IOException {
    Arena arena = Arena.ofShared();
    MemorySegment memory = null;
    try {
      memory = memory(directory, segmentId, file, goOn, arena);
    } finally {
      if (memory == null) {
        arena.close();
      }
    }
    return memory == null
        ? null
        : new CompactRecords(file.size(), file.layout().codeLength(), memory, arena);
  }

  private static @Nullable MemorySegment memory(
      DatabaseDirectory directory,
      long segmentId,
      NodeRecordFile file,
      BooleanSupplier goOn,
      Arena arena)
      throws IOException {
    long bytes = CompactRecords.bytes(file);
    try (ScratchFile scratch = ScratchFile.create(directory, KIND, segmentId, bytes);
        Arena making = Arena.ofConfined()) {
      return new CompactEncoder(file, making).write(scratch, goOn) ? scratch.map(arena) : null;
    }
  }

  private boolean write(ScratchFile scratch, BooleanSupplier goOn) throws IOException {
    for (int from = 0; from < file.size(); from += NODES_PER_STEP) {
      if (!goOn.getAsBoolean()) {
        return false;
      }
      int to = Math.min(file.size(), from + NODES_PER_STEP);
      file.willNeed(from, to);
      for (int node = from; node < to; node++) {
        encode(node, (node - from) * strideBytes);
      }
      scratch.append(chunk.asSlice(0, (to - from) * strideBytes).asByteBuffer());
    }
    return true;
  }

  private void encode(int node, long at) {
    file.requireSound(node);
    long recordAt = node * file.layout().strideBytes();
    encodeHead(recordAt, at);
    long idsAt = at + CompactRecords.idsAt(length);
    for (int slot = 0; slot < CodeBlock.SLOTS; slot++) {
      int id = file.records().get(INT, recordAt + 4L * slot);
      if (id < 0 || id >= file.size()) {
        throw new FirnException.Corrupt(
            "%s must name neighbours 0..%d but node %d names %d: the file is damaged. Close the database and delete it, the next open builds it again."
                .formatted(file.file().path(), file.size() - 1, node, id),
            null);
      }
      putId(idsAt + (long) slot * idBytes, id);
    }
  }

  private void putId(long at, int id) {
    for (int i = 0; i < idBytes; i++) {
      chunk.set(ValueLayout.JAVA_BYTE, at + i, (byte) (id >>> (8 * i)));
    }
  }

  /**
   * The head again in a sixteenth of the levels. What the node adds to a squared length is made so
   * that what rounding adds on average is taken away.
   */
  private void encodeHead(long recordAt, long at) {
    MemorySegment records = file.records();
    float lower = records.get(FLOAT, recordAt + NodeRecordLayout.LOWER_AT);
    float step = records.get(FLOAT, recordAt + NodeRecordLayout.STEP_AT);
    float others = records.get(FLOAT, recordAt + NodeRecordLayout.OTHERS_AT);
    double own = others;
    for (int i = 0; i < length; i++) {
      fine[i] = ScalarCodes.get8(records, recordAt + NodeRecordLayout.HEAD_AT, i);
    }
    long codesAt = at + CompactRecords.CODES_AT;
    ScalarCodes.encode4(fine, length, 0, 1f / STEPS, chunk, codesAt);
    for (int i = 0; i < length; i++) {
      int inFineSteps = STEPS * ScalarCodes.get4(chunk, codesAt, i);
      double value = lower + (double) step * inFineSteps;
      double error = (double) step * (inFineSteps - fine[i]);
      own += value * value - error * error;
    }
    chunk.set(FLOAT, at, lower);
    chunk.set(FLOAT, at + CompactRecords.STEP_AT, step * STEPS);
    chunk.set(FLOAT, at + CompactRecords.OTHERS_AT, others);
    chunk.set(
        FLOAT,
        at + CompactRecords.OWN_AT,
        product ? records.get(FLOAT, recordAt + NodeRecordLayout.OWN_AT) : (float) own);
  }
}
