package io.firn.search;

import java.util.Arrays;

/**
 * The k nearest rows seen so far, ascending by distance and then row number. Reused from search to
 * search; for one thread.
 */
final class NearestRows {

  private float[] distances = new float[0];
  private int[] rowNumbers = new int[0];
  private int k;
  private int size;

  void reset(int k) {
    if (distances.length < k) {
      distances = new float[k];
      rowNumbers = new int[k];
    }
    this.k = k;
    this.size = 0;
  }

  /** True if the row is among the nearest so far. */
  boolean takes(float distance, int rowNumber) {
    return size < k || before(distance, rowNumber, size - 1);
  }

  /** Keeps the row if it is among the nearest. A row must not be offered twice. */
  void offer(float distance, int rowNumber) {
    if (!takes(distance, rowNumber)) {
      return;
    }
    int at = place(distance, rowNumber);
    int last = Math.min(size, k - 1);
    System.arraycopy(distances, at, distances, at + 1, last - at);
    System.arraycopy(rowNumbers, at, rowNumbers, at + 1, last - at);
    distances[at] = distance;
    rowNumbers[at] = rowNumber;
    size = Math.min(size + 1, k);
  }

  private int place(float distance, int rowNumber) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (before(distance, rowNumber, middle)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private boolean before(float distance, int rowNumber, int at) {
    return distance < distances[at] || (distance == distances[at] && rowNumber < rowNumbers[at]);
  }

  int size() {
    return size;
  }

  float distance(int rank) {
    return distances[rank];
  }

  int rowNumber(int rank) {
    return rowNumbers[rank];
  }

  void copyTo(int[] toRowNumbers, float[] toDistances) {
    System.arraycopy(rowNumbers, 0, toRowNumbers, 0, size);
    System.arraycopy(distances, 0, toDistances, 0, size);
  }

  int[] rowNumbers() {
    return Arrays.copyOf(rowNumbers, size);
  }

  float[] distances() {
    return Arrays.copyOf(distances, size);
  }
}
