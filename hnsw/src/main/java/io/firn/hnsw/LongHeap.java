package io.firn.hnsw;

import java.util.Arrays;

/** A growing binary heap of longs, smallest first. One thread. */
final class LongHeap {

  private long[] heap = new long[64];
  private int size;

  int size() {
    return size;
  }

  void clear() {
    size = 0;
  }

  /** The smallest element; undefined when empty. */
  long top() {
    return heap[0];
  }

  void push(long value) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (heap[parent] <= value) {
        break;
      }
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = value;
  }

  long pop() {
    long top = heap[0];
    long last = heap[--size];
    if (size > 0) {
      siftDown(last);
    }
    return top;
  }

  /** The same as {@link #pop} then {@link #push}, in one pass. */
  void replaceTop(long value) {
    siftDown(value);
  }

  private void siftDown(long value) {
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (value <= heap[child]) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = value;
  }
}
