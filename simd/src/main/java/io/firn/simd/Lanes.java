package io.firn.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes of this process and loads by absolute address.
 *
 * <p>Loads go through one constant segment over the whole address space. Its liveness check and
 * base object fold away, and because every address is masked to 48 bits <em>at the load</em>, so
 * does its bounds check: C2 then keeps a plain counted loop. Without the mask it builds a
 * long-range-checked loop nest whose prologue costs more than 128 dimensions do. Bounds are checked
 * once per row, in {@link Rows}.
 */
final class Lanes {

  /** User-space addresses fit in 48 bits: Linux hands out higher ones only when asked. */
  static final long ADDRESS = 0xFFFF_FFFF_FFFFL;

  static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Kernels.laneBits()));

  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Float lanes of a register. */
  static final int COUNT = FLOATS.length();

  /** Bytes of a register. */
  static final long BYTES = (long) COUNT * Float.BYTES;

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** All of memory: only for addresses that {@link Rows} has checked. */
  @SuppressWarnings("restricted") // the point of this class; the flag is asked for in the README
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final IntVector IOTA = IntVector.zero(INTS).addIndex(1);

  private Lanes() {}

  static FloatVector floats(long address) {
    return FloatVector.fromMemorySegment(FLOATS, MEMORY, address & ADDRESS, LITTLE_ENDIAN);
  }

  /**
   * Loads the floats {@code bytes} behind an address; loads that share the address share its mask.
   *
   * @param bytes a constant of the loop body
   */
  static FloatVector floats(long address, long bytes) {
    return FloatVector.fromMemorySegment(
        FLOATS, MEMORY, (address & ADDRESS) + bytes, LITTLE_ENDIAN);
  }

  static FloatVector floats(float[] array, int index) {
    return FloatVector.fromArray(FLOATS, array, index);
  }

  static float scalar(long address) {
    return MEMORY.get(Rows.FLOAT, address & ADDRESS);
  }

  /**
   * Lanes that a tail load sees for the first time. A tail of {@code tail} floats is read as the
   * last full vector of the row, so its first lanes were seen before and must add nothing.
   */
  static VectorMask<Float> fresh(int tail) {
    return IOTA.compare(VectorOperators.GE, COUNT - tail).cast(FLOATS);
  }
}
