package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/**
 * A query prepared for estimates against the codes of one {@link Quantizer}. Reusable, allocates
 * nothing after it was created; one thread at a time.
 *
 * <p>Each estimate comes with its deviation: half-width of the error that about two thirds of
 * estimates stay within, as the quantizer states it. {@code deviations} times that is a bound that
 * holds with the probability of that many deviations of a normal distribution.
 */
public sealed interface PreparedQuery permits ScalarQuery, RabitqQuery, ProductQuery, SignQuery {

  /** Elements that arrays for results must have: a kernel stores whole registers. */
  int RESULT_CAPACITY = 48;

  /**
   * Takes over a query.
   *
   * @param query at least {@code dimension} finite floats; copied
   * @return this
   */
  PreparedQuery prepare(float[] query);

  /** Estimates the distance to one row. */
  float estimateRow(MemorySegment codes, int row);

  /** The deviation of {@link #estimateRow} of the same row. */
  float deviationRow(MemorySegment codes, int row);

  /**
   * Estimates the distances to the rows of a block, with their deviations.
   *
   * @param block rows {@code 32 * block .. 32 * block + 31}
   * @param count rows of the block that exist, 1..32; the results of others are undefined
   * @param estimates at least {@value #RESULT_CAPACITY} floats, written
   * @param deviations at least {@value #RESULT_CAPACITY} floats, written
   */
  default void estimateBlock(
      MemorySegment codes, int block, int count, float[] estimates, float[] deviations) {
    int first = block * Quantizer.BLOCK_ROWS;
    for (int i = 0; i < count; i++) {
      estimates[i] = estimateRow(codes, first + i);
      deviations[i] = deviationRow(codes, first + i);
    }
  }

  /**
   * Finds rows of a block whose estimate, less {@code width} deviations, is under a threshold: the
   * rows that may still be nearer than it.
   *
   * @param found receives their places in the block, 0..31, ascending; at least {@value
   *     #RESULT_CAPACITY} long
   * @param estimates receives their estimates at the same indexes; at least as long
   * @param deviations receives their deviations; at least as long
   * @return how many were found
   */
  default int below(
      MemorySegment codes,
      int block,
      int count,
      float threshold,
      float width,
      int[] found,
      float[] estimates,
      float[] deviations) {
    estimateBlock(codes, block, count, estimates, deviations);
    return compact(count, threshold, width, found, estimates, deviations);
  }

  /**
   * Returns the first block from {@code from} on that may hold a row {@link #below} finds with the
   * same threshold and width, or {@code end} if there is none before it. Passing over blocks is
   * much cheaper than asking each.
   *
   * @param from first block, before {@code end}
   */
  default int next(MemorySegment codes, int from, int end, float threshold, float width) {
    return from;
  }

  /** Moves what is under the threshold to the front. */
  static int compact(
      int count, float threshold, float width, int[] found, float[] estimates, float[] deviations) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (estimates[i] - width * deviations[i] < threshold) {
        found[kept] = i;
        estimates[kept] = estimates[i];
        deviations[kept] = deviations[i];
        kept++;
      }
    }
    return kept;
  }
}
