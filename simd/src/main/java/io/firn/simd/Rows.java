package io.firn.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * The one place where operands are checked: kernels behind it read by address and check nothing.
 */
final class Rows {

  /** Heap segments may be unaligned, so the scalar twins assume nothing. */
  static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  /** User-space addresses fit in 48 bits: Linux hands out higher ones only when asked. */
  static final long ADDRESS = 0xFFFF_FFFF_FFFFL;

  /** All of memory, where an offset is an address: only for addresses that were checked. */
  @SuppressWarnings("restricted") // the flag is asked for in the README
  static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Rows() {}

  /**
   * Checks that {@code bytes} bytes at {@code offset} lie in the segment and that its memory is
   * still there.
   */
  static void check(MemorySegment segment, long offset, long bytes) {
    Objects.checkFromIndexSize(offset, bytes, segment.byteSize());
    if (!segment.scope().isAlive()) {
      throw new IllegalStateException(
          "segment must be alive but its arena is closed: its rows are gone. Keep the arena open while it is searched.");
    }
  }

  static void check(
      MemorySegment rows, long offset0, long offset1, long offset2, long offset3, long bytes) {
    check(rows, offset0, bytes);
    Objects.checkFromIndexSize(offset1, bytes, rows.byteSize());
    Objects.checkFromIndexSize(offset2, bytes, rows.byteSize());
    Objects.checkFromIndexSize(offset3, bytes, rows.byteSize());
  }

  static void check(float[] vector, int dimension) {
    Objects.checkFromIndexSize(0, dimension, vector.length);
  }

  /** Keeps memory of an automatic arena from being freed while a kernel reads it by address. */
  @SuppressWarnings("ReachabilityFenceUsage") // after a throw no kernel reads any more
  static void keepAlive(MemorySegment segment) {
    Reference.reachabilityFence(segment);
  }
}
