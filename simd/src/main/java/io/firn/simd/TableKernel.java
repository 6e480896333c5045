package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * The three passes that prepare a {@link CodeQuery}. Every implementation rounds in the same places
 * and adds in the same order, so tables are equal at every width. Stateless.
 */
interface TableKernel {

  /** Sums kept apart by {@link #magnitudes}: one for each dimension modulo this number. */
  int PARTIAL_SUMS = 16;

  /** Returns the largest {@code (|q0| + |q1|) + (|q2| + |q3|)} of a group. */
  float largestGroup(float[] query, int dimension);

  /** Writes {@code Σ|q[i]|} over {@code i % 16 == j} to {@code sums[j]}. */
  void magnitudes(float[] query, int dimension, float[] sums);

  /**
   * Writes the entries: entry {@code n} of group {@code g} is byte {@code 16g + n}. A dimension
   * contributes its magnitude if its bit in {@code n} and its sign agree (bit set and positive, or
   * clear and negative): that is its selected value less the smaller of the two.
   */
  void fill(float[] query, int dimension, float perStep, MemorySegment table);
}
