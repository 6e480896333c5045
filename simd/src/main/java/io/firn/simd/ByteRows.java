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

  private static final ByteKernel TWIN = new ByteScalar();
  private static final ByteKernel KERNEL = Kernels.VECTORIZED ? new ByteVectors() : TWIN;

  private ByteRows() {}

  /**
   * Returns the sum of {@code a[i] * b[i]} over signed bytes.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment
   */
  public static long product(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    long result =
        vectorized(a, aOffset, b, bOffset, dimension)
            ? KERNEL.product(
                MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, dimension)
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
            ? KERNEL.squaredL2(
                MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, dimension)
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
            ? KERNEL.hamming(MEMORY, a.address() + aOffset, MEMORY, b.address() + bOffset, bytes)
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
