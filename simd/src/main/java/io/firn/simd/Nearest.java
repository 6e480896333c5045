package io.firn.simd;

import java.util.Objects;

/**
 * The {@code k} smallest distances of those offered, with their ordinals: for exact search, block
 * by block. Ties go to the ordinal offered first.
 *
 * <p>A block is compared with the worst distance kept, a register at a time; only what is nearer is
 * looked at singly. Reusable and not safe for several threads.
 */
public final class Nearest {

  private static final Filter FILTER =
      Kernels.VECTORIZED ? new NearestVector() : new NearestScalar();

  /** Finds elements that may belong to the nearest. */
  interface Filter {

    /**
     * Returns a bit for each of {@code distances[at]} to {@code distances[at + 63]}, or as many as
     * there are before {@code end}: set if the distance is less than {@code worst}.
     */
    long below(float[] distances, int at, int end, float worst);
  }

  private final float[] distances;
  private final int[] ordinals;
  private int size;

  /**
   * Creates an empty selection.
   *
   * @param k distances to keep, at least 1
   */
  public Nearest(int k) {
    if (k < 1) {
      throw new IllegalArgumentException(
          "k must be at least 1 but is %d: nothing would be kept. Ask for at least one neighbour."
              .formatted(k));
    }
    distances = new float[k];
    ordinals = new int[k];
  }

  /** Forgets everything. */
  public void clear() {
    size = 0;
  }

  /**
   * Offers {@code block[at]} to {@code block[at + count - 1]} as the distances of the ordinals from
   * {@code firstOrdinal}. NaN is never kept.
   *
   * @throws IndexOutOfBoundsException if the block is shorter
   */
  public void offer(float[] block, int at, int count, int firstOrdinal) {
    offer(block, at, count, firstOrdinal, FILTER);
  }

  void offer(float[] block, int at, int count, int firstOrdinal, Filter filter) {
    Objects.checkFromIndexSize(at, count, block.length);
    int end = at + count;
    for (int from = at; from < end; from += Long.SIZE) {
      long near = filter.below(block, from, end, worst());
      for (; near != 0; near &= near - 1) {
        int i = from + Long.numberOfTrailingZeros(near);
        if (block[i] < worst()) {
          insert(block[i], firstOrdinal + i - at);
        }
      }
    }
  }

  /** Returns how many are kept: {@code k}, or all that were offered if fewer. */
  public int size() {
    return size;
  }

  /** Returns the {@code i}-th smallest distance, from 0. */
  public float distance(int i) {
    return distances[Objects.checkIndex(i, size)];
  }

  /** Returns the ordinal of the {@code i}-th smallest distance, from 0. */
  public int ordinal(int i) {
    return ordinals[Objects.checkIndex(i, size)];
  }

  /** What a distance must be less than to be kept: NaN and infinity never are. */
  private float worst() {
    return size < distances.length ? Float.POSITIVE_INFINITY : distances[size - 1];
  }

  private void insert(float distance, int ordinal) {
    int at = size;
    if (size < distances.length) {
      size++;
    } else {
      at--;
    }
    int to = at;
    while (to > 0 && distances[to - 1] > distance) {
      to--;
    }
    System.arraycopy(distances, to, distances, to + 1, at - to);
    System.arraycopy(ordinals, to, ordinals, to + 1, at - to);
    distances[to] = distance;
    ordinals[to] = ordinal;
  }
}
