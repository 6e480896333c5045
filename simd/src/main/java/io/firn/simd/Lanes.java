package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
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

  static final long ADDRESS = Rows.ADDRESS;

  static final VectorSpecies<Float> FLOATS =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Kernels.laneBits()));

  static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

  /** Float lanes of a register. */
  static final int COUNT = FLOATS.length();

  /** Bytes of a register. */
  static final long BYTES = (long) COUNT * Float.BYTES;

  static final ValueLayout.OfInt INT = Rows.INT;

  /** All of memory: only for addresses that {@link Rows} has checked. */
  static final MemorySegment MEMORY = Rows.MEMORY;

  /** Lane numbers. */
  static final IntVector IOTA = IntVector.zero(INTS).addIndex(1);

  private Lanes() {}

  static float scalar(long address) {
    return MEMORY.get(Rows.FLOAT, address & ADDRESS);
  }
}
