package io.firn.quantization;

/** The k smallest {@link RowKey}s offered: a heap with the largest on top. One thread. */
final class NearestKeys {

  private long[] heap = new long[16];
  private int size;
  private int capacity;

  /** Empties it, and lets it hold {@code k} keys, at least 1. */
  void clear(int k) {
    if (heap.length < k) {
      heap = new long[k];
    }
    size = 0;
    capacity = k;
  }

  /** The k-th smallest distance so far, infinite before there are k. */
  float worst() {
    return size < capacity ? Float.POSITIVE_INFINITY : RowKey.distance(heap[0]);
  }

  void offer(long key) {
    if (size < capacity) {
      siftUp(size++, key);
    } else if (key < heap[0]) {
      siftDown(key);
    }
  }

  /** Takes all keys out, nearest first. */
  int drain(int[] rows, float[] distances) {
    int count = size;
    while (size > 0) {
      long farthest = heap[0];
      long last = heap[--size];
      if (size > 0) {
        siftDown(last);
      }
      rows[size] = RowKey.row(farthest);
      distances[size] = RowKey.distance(farthest);
    }
    return count;
  }

  private void siftUp(int from, long key) {
    int at = from;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] >= key) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = key;
  }

  private void siftDown(long key) {
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (key >= heap[child]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = key;
  }
}
