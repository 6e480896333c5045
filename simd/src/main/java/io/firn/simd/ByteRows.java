package io.firn.simd;

import static io.firn.simd.Rows.MEMORY;

import java.lang.foreign.MemorySegment;

/**
 * Distances of rows of signed bytes and of rows of bits, exact. Stateless and safe for any thread.
 *
 * <p>A row length that is a multiple of 64 bytes has no slow tail. The caller keeps the memory of
 * its segments open during a call.
 */
public final class ByteRows {

  static final ByteKernel TWIN = new ByteScalar();

  static final KernelSlot<ByteKernel> SLOT =
      KernelSlot.of(ByteKernel.class, Kernels.VECTORIZED ? vector() : TWIN);

  private ByteRows() {}

  static ByteKernel vector() {
    return KernelTemplate.instantiate(ByteVectors.class, ByteKernel.class, "");
  }

  /**
   * Returns the sum of {@code a[i] * b[i]} over signed bytes.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment
   */
  public static long product(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long result =
        vectorized(a, aOffset, b, bOffset, dimension)
            ? SLOT.get()
                .product(MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, dimension)
            : TWIN.product(a, aOffset, b, bOffset, dimension);
    keepAlive(a, b);
    return result;
  }

  /**
   * Returns the sum of {@code (a[i] - b[i])²} over signed bytes.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment
   */
  public static long squaredL2(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long result =
        vectorized(a, aOffset, b, bOffset, dimension)
            ? SLOT.get()
                .squaredL2(MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, dimension)
            : TWIN.squaredL2(a, aOffset, b, bOffset, dimension);
    keepAlive(a, b);
    return result;
  }

  /**
   * Returns the number of bits in which two rows of bits differ.
   *
   * @param bytes bytes of a row
   * @throws IndexOutOfBoundsException if a row leaves its segment
   */
  public static int hamming(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    int result =
        vectorized(a, aOffset, b, bOffset, bytes)
            ? SLOT.get()
                .hamming(MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, bytes)
            : TWIN.hamming(a, aOffset, b, bOffset, bytes);
    keepAlive(a, b);
    return result;
  }

  private static boolean vectorized(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    Rows.check(a, aOffset, bytes);
    Rows.check(b, bOffset, bytes);
    return Kernels.VECTORIZED && a.isNative() && b.isNative();
  }

  private static void keepAlive(MemorySegment a, MemorySegment b) {
    Rows.keepAlive(a);
    Rows.keepAlive(b);
  }
}
