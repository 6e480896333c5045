package io.firn.bench.data;

import java.util.Arrays;

/** The nearest ids met so far, nearest first; of equal distances the smaller id comes first. */
final class NearestList {

  private final int[] ids;
  private final double[] distances;
  private int size;

  NearestList(int depth) {
    ids = new int[depth];
    distances = new double[depth];
  }

  /** Distance a newcomer must not exceed; infinite until the list is full. */
  double bound() {
    return size < ids.length ? Double.POSITIVE_INFINITY : distances[size - 1];
  }

  /** Ids must be offered in ascending order. */
  void offer(int id, double distance) {
    if (distance >= bound()) {
      return;
    }
    int at = size < ids.length ? size++ : size - 1;
    for (; at > 0 && distances[at - 1] > distance; at--) {
      ids[at] = ids[at - 1];
      distances[at] = distances[at - 1];
    }
    ids[at] = id;
    distances[at] = distance;
  }

  int[] ids() {
    return Arrays.copyOf(ids, size);
  }

  float[] distances() {
    float[] rounded = new float[size];
    for (int i = 0; i < size; i++) {
      rounded[i] = (float) distances[i];
    }
    return rounded;
  }
}
