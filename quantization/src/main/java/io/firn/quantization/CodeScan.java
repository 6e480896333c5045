package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * Nearest rows by brute force over codes, then exact distances for the rows that can still be among
 * them. For small sets, narrow filters, and as ground truth of a code. Reusable scratch, one
 * thread.
 *
 * <p>A row's true distance lies within {@code width} deviations of its estimate with the
 * probability of that many deviations of a normal distribution. The scan keeps every row whose
 * lower bound is under the k-th smallest upper bound, and reads rows by ascending lower bound until
 * the next lower bound is no less than the k-th exact distance: no reader of bounds can read fewer
 * rows.
 */
public final class CodeScan {

  /** Which rows may be found: those of a bitmap, of a filter, all that are alive. */
  @FunctionalInterface
  public interface RowFilter {

    /** Every row. */
    RowFilter ALL = row -> row;

    /**
     * Returns the first row from {@code row} on that may be found, or any number from the count of
     * rows on if there is none. Blocks of 32 rows without one are not looked at.
     */
    int next(int row);
  }

  /** Exact distances to stored rows; smaller is nearer. */
  @FunctionalInterface
  public interface ExactDistances {

    /**
     * Reads rows and measures them.
     *
     * @param rows row numbers in {@code rows[0..count)}
     * @param distances receives the distance of {@code rows[i]} at index {@code i}
     */
    void distances(int[] rows, float[] distances, int count);
  }

  private static final int BLOCK_ROWS = Quantizer.BLOCK_ROWS;

  /** Most blocks that are given to the scan at once. */
  private static final int RUN_BLOCKS = 256;

  /** Rows read together, so that their memory latency overlaps. */
  private static final int BATCH = 8;

  private final int[] places = new int[PreparedQuery.RESULT_CAPACITY];
  private final float[] estimates = new float[PreparedQuery.RESULT_CAPACITY];
  private final float[] deviations = new float[PreparedQuery.RESULT_CAPACITY];
  private final NearestKeys uppers = new NearestKeys();
  private final NearestKeys exact = new NearestKeys();
  private final int[] batch = new int[BATCH];
  private final float[] batchDistances = new float[BATCH];
  private long[] candidates = new long[1024]; // lower bound, row
  private int candidateCount;
  private int rowsRead;

  /**
   * Finds the nearest accepted rows. Allocates nothing once its scratch has grown to the largest
   * number of rows that it had to compare.
   *
   * @param query prepared
   * @param count rows that are coded in {@code codes}
   * @param width deviations from an estimate that count as possible, 0 or more: 0 reads little more
   *     than k rows, 3 misses one neighbour in a thousand at most
   * @param filter asked with ascending rows, some more than once
   * @param nearest receives row numbers, nearest first, equal distances by ascending row
   * @param distances receives their exact distances; as long as {@code nearest}
   * @return how many were found: as many as {@code nearest} holds, or all accepted rows
   * @throws IndexOutOfBoundsException if {@code distances} is shorter than {@code nearest}
   */
  public int nearest(
      PreparedQuery query,
      MemorySegment codes,
      int count,
      float width,
      RowFilter filter,
      ExactDistances rows,
      int[] nearest,
      float[] distances) {
    if (nearest.length == 0) {
      return 0;
    }
    Objects.checkFromIndexSize(0, nearest.length, distances.length);
    collect(query, codes, count, width, filter, nearest.length);
    rerank(rows, nearest.length);
    return exact.drain(nearest, distances);
  }

  /** Rows whose exact distance the last call read. */
  public int rowsRead() {
    return rowsRead;
  }

  private void collect(
      PreparedQuery query, MemorySegment codes, int count, float width, RowFilter filter, int k) {
    uppers.clear(k);
    candidateCount = 0;
    int blocks = Math.ceilDiv(count, BLOCK_ROWS);
    int row = filter.next(0);
    while (row < count) {
      int from = row / BLOCK_ROWS;
      int end = from + 1;
      while (end < blocks && end - from < RUN_BLOCKS && holdsAny(filter, end)) {
        end++;
      }
      scan(query, codes, count, width, filter, from, end);
      row = end < blocks ? filter.next(end * BLOCK_ROWS) : count;
    }
  }

  private static boolean holdsAny(RowFilter filter, int block) {
    return filter.next(block * BLOCK_ROWS) < (block + 1) * BLOCK_ROWS;
  }

  /** Collects the candidates of neighbouring blocks. */
  private void scan(
      PreparedQuery query,
      MemorySegment codes,
      int count,
      float width,
      RowFilter filter,
      int from,
      int end) {
    int block = from;
    while (block < end) {
      float threshold = Math.nextUp(uppers.worst());
      block = query.next(codes, block, end, threshold, width);
      if (block < end) {
        int first = block * BLOCK_ROWS;
        int size = Math.min(BLOCK_ROWS, count - first);
        int found =
            query.below(codes, block, size, threshold, width, places, estimates, deviations);
        addCandidates(first, found, width, filter);
        block++;
      }
    }
  }

  private void addCandidates(int first, int found, float width, RowFilter filter) {
    for (int i = 0; i < found; i++) {
      int row = first + places[i];
      float reach = width * deviations[i];
      if (filter.next(row) == row) {
        uppers.offer(RowKey.of(estimates[i] + reach, row));
        addCandidate(RowKey.of(estimates[i] - reach, row));
      }
    }
  }

  private void addCandidate(long key) {
    if (candidateCount == candidates.length) {
      discardTooFar();
      if (candidateCount > candidates.length / 2) {
        candidates = Arrays.copyOf(candidates, 2 * candidates.length);
      }
    }
    candidates[candidateCount++] = key;
  }

  private void discardTooFar() {
    float worst = uppers.worst();
    int kept = 0;
    for (int i = 0; i < candidateCount; i++) {
      if (RowKey.distance(candidates[i]) <= worst) {
        candidates[kept++] = candidates[i];
      }
    }
    candidateCount = kept;
  }

  private void rerank(ExactDistances rows, int k) {
    discardTooFar();
    Arrays.sort(candidates, 0, candidateCount);
    exact.clear(k);
    rowsRead = 0;
    int next = 0;
    while (next < candidateCount && RowKey.distance(candidates[next]) <= exact.worst()) {
      int size = Math.min(next < k ? Math.min(BATCH, k) : BATCH, candidateCount - next);
      for (int i = 0; i < size; i++) {
        batch[i] = RowKey.row(candidates[next + i]);
      }
      rows.distances(batch, batchDistances, size);
      for (int i = 0; i < size; i++) {
        exact.offer(RowKey.of(batchDistances[i], batch[i]));
      }
      next += size;
      rowsRead += size;
    }
  }
}
