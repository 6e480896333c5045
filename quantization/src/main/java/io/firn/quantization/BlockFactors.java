package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.simd.CodeBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes the two factors of 32 slots as {@link CodeBlock} reads them: a base, a step, 16 bits. */
final class BlockFactors {

  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** Most steps of a factor: one more marks an empty slot. */
  private static final int STEPS = CodeBlock.EMPTY - 1;

  private BlockFactors() {}

  /** Writes affine and factors of the first {@code count} slots and makes the others empty. */
  static void put(
      MemorySegment memory, long affineAt, long factorsAt, RabitqBlock factors, int count) {
    put(memory, affineAt, factorsAt, factors.add, count);
    put(memory, affineAt + 8, factorsAt + 2L * CodeBlock.SLOTS, factors.rescale, count);
    for (int slot = count; slot < CodeBlock.SLOTS; slot++) {
      memory.set(SHORT, factorsAt + 2L * slot, (short) CodeBlock.EMPTY);
    }
  }

  private static void put(
      MemorySegment memory, long affineAt, long factorsAt, float[] values, int count) {
    float lowest = count == 0 ? 0 : values[0];
    float highest = lowest;
    for (int i = 1; i < count; i++) {
      lowest = Math.min(lowest, values[i]);
      highest = Math.max(highest, values[i]);
    }
    float step = (float) (((double) highest - lowest) / STEPS);
    memory.set(FloatRows.FLOAT, affineAt, lowest);
    memory.set(FloatRows.FLOAT, affineAt + 4, step);
    for (int i = 0; i < count; i++) {
      double steps = step == 0 ? 0 : ((double) values[i] - lowest) / step;
      memory.set(SHORT, factorsAt + 2L * i, (short) (int) Math.min(STEPS, Math.rint(steps)));
    }
  }
}
