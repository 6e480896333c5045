package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * Inner product of float32 rows: larger is nearer. Stateless and safe for any thread.
 *
 * <p>The sum of {@code a[i] * b[i]}, not negated. Lanes are summed in no fixed order, so two
 * machines may differ in the last bits: the error is at most 4 ulp·√dimension of the sum of the
 * terms' magnitudes. Rows are little-endian float32. A {@code dimension} that is a multiple of 16
 * has no slow tail: pad rows and queries with zeros.
 *
 * <p>The caller keeps the memory of its segments open during a call.
 */
public final class InnerProduct {

  static final FloatFamily FAMILY = FloatFamily.of(Metric.INNER_PRODUCT);

  private InnerProduct() {}

  /**
   * Returns the inner product of two rows.
   *
   * @param a bytes that hold one row at {@code aOffset}
   * @param b bytes that hold the other at {@code bOffset}
   * @param dimension floats of a row, at least 1
   * @throws IndexOutOfBoundsException if a row leaves its segment
   */
  public static float product(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
    return FAMILY.one(a, aOffset, b, bOffset, dimension);
  }

  /**
   * Returns the inner product of a query and a row.
   *
   * @param query at least {@code dimension} floats
   * @param rows bytes that hold the row at {@code offset}
   * @param dimension floats of a row, at least 1
   * @throws IndexOutOfBoundsException if the row leaves its segment
   */
  public static float product(float[] query, MemorySegment rows, long offset, int dimension) {
    return FAMILY.one(query, rows, offset, dimension);
  }

  /**
   * Writes the inner product of a query and four rows to {@code distances[at]} to {@code
   * distances[at + 3]}; faster than four calls.
   *
   * @param query at least {@code dimension} floats
   * @param row0 bytes that hold a row at {@code offset0}; likewise the others, which may be the
   *     same
   * @param dimension floats of a row, at least 1
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public static void product4(
      float[] query,
      MemorySegment row0,
      long offset0,
      MemorySegment row1,
      long offset1,
      MemorySegment row2,
      long offset2,
      MemorySegment row3,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    FAMILY.four(
        query, row0, offset0, row1, offset1, row2, offset2, row3, offset3, dimension, distances,
        at);
  }

  /**
   * The same with the query in a segment.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public static void product4(
      MemorySegment a,
      long aOffset,
      MemorySegment row0,
      long offset0,
      MemorySegment row1,
      long offset1,
      MemorySegment row2,
      long offset2,
      MemorySegment row3,
      long offset3,
      int dimension,
      float[] distances,
      int at) {
    FAMILY.four(
        a, aOffset, row0, offset0, row1, offset1, row2, offset2, row3, offset3, dimension,
        distances, at);
  }

  /**
   * Writes the inner products of a query and the rows of an id list, {@code rows[base + strideBytes
   * * ids[i]]}, to {@code distances[i]}.
   *
   * @param count ids to take from the list
   * @throws IndexOutOfBoundsException if a row leaves its segment or a list is too short
   */
  public static void products(
      float[] query,
      MemorySegment rows,
      long base,
      long strideBytes,
      int[] ids,
      int count,
      int dimension,
      float[] distances) {
    FAMILY.gather(query, rows, base, strideBytes, ids, count, dimension, distances);
  }

  /**
   * Writes the inner products of every query and every row, for exact search and ground truth:
   * query {@code q} and row {@code r} to {@code distances[q * rows.count() + r]}.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public static void products(RowBlock queries, RowBlock rows, int dimension, float[] distances) {
    FAMILY.pairs(queries, rows, dimension, distances);
  }
}
