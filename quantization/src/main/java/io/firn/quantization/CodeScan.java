package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntPredicate;

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
   * Finds the nearest accepted rows.
   *
   * @param query prepared
   * @param count rows that are coded in {@code codes}
   * @param width deviations from an estimate that count as possible, 0 or more: 0 reads little more
   *     than k rows, 3 misses one neighbour in a thousand at most
   * @param nearest receives row numbers, nearest first, equal distances by ascending row
   * @param distances receives their exact distances; as long as {@code nearest}
   * @return how many were found: as many as {@code nearest} holds, or all accepted rows
   */
  public int nearest(
      PreparedQuery query,
      MemorySegment codes,
      int count,
      float width,
      IntPredicate accept,
      ExactDistances rows,
      int[] nearest,
      float[] distances) {
    if (nearest.length == 0) {
      return 0;
    }
    collect(query, codes, count, width, accept, nearest.length);
    rerank(rows, nearest.length);
    return exact.drain(nearest, distances);
  }

  /** Rows whose exact distance the last call read. */
  public int rowsRead() {
    return rowsRead;
  }

  private void collect(
      PreparedQuery query,
      MemorySegment codes,
      int count,
      float width,
      IntPredicate accept,
      int k) {
    uppers.clear(k);
    candidateCount = 0;
    int blocks = Math.ceilDiv(count, Quantizer.BLOCK_ROWS);
    for (int block = 0; block < blocks; block++) {
      float threshold = Math.nextUp(uppers.worst());
      block = query.next(codes, block, blocks, threshold, width);
      if (block < blocks) {
        int first = block * Quantizer.BLOCK_ROWS;
        int size = Math.min(Quantizer.BLOCK_ROWS, count - first);
        int found =
            query.below(codes, block, size, threshold, width, places, estimates, deviations);
        addCandidates(first, found, width, accept);
      }
    }
  }

  private void addCandidates(int first, int found, float width, IntPredicate accept) {
    for (int i = 0; i < found; i++) {
      int row = first + places[i];
      float reach = width * deviations[i];
      if (accept.test(row)) {
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
