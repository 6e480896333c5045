package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/** Estimates of one query in one {@link RabitqLayout}. One thread. */
sealed interface RabitqEstimates permits RabitqBlockEstimates, RabitqRows.Estimates {

  /**
   * Share of the terms of an estimate that rotation and sum in float32 may have cost: it counts
   * where terms cancel, that is, where norms are far larger than distances.
   */
  double FLOAT_ROUNDING = 0x1p-21;

  /**
   * Takes over a query.
   *
   * @param rotated the rotated residual y of the query
   * @param constant G: the part of the distance that all rows share
   * @param norm ‖y‖
   */
  void prepare(float[] rotated, float constant, float norm);

  float estimate(MemorySegment codes, int row);

  float deviation(MemorySegment codes, int row);

  void estimateBlock(
      MemorySegment codes, int block, int count, float[] estimates, float[] deviations);

  /**
   * Finds rows of a block whose estimate is less than {@code threshold} plus {@code width} times
   * their deviation.
   *
   * @param found receives their places in the block, ascending
   * @param estimates receives their estimates, at the same indexes
   * @param deviations receives their deviations
   * @return how many were found
   */
  int below(
      MemorySegment codes,
      int block,
      int count,
      float threshold,
      float width,
      int[] found,
      float[] estimates,
      float[] deviations);

  /**
   * Returns the first block from {@code from} on that may hold a row that {@link #below} finds, or
   * {@code end} if there is none before it.
   */
  int next(MemorySegment codes, int from, int end, float threshold, float width);
}
