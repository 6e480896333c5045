package io.firn.bench.filter;

import io.firn.bench.data.DataSet;
import io.firn.simd.InnerProduct;
import io.firn.simd.SquaredL2;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Every row that passes is compared, by the same kernels as Firn's: the truth, and the bar for
 * filters that few rows pass. It reads the numbers from an array, which no database does faster.
 */
final class BruteForce implements FilteredIndex {

  private final MemorySegment rows;
  private final long[] numbers;
  private final int dimension;
  private final boolean product;

  BruteForce(DataSet set, float[][] vectors, long[] numbers) {
    this.dimension = set.dimension();
    this.numbers = numbers;
    this.product =
        switch (set.metric()) {
          case EUCLIDEAN -> false;
          case DOT -> true;
          case COSINE -> {
            if (!set.unitLength()) {
              throw new IllegalArgumentException(
                  "a set under cosine must have unit length to be compared by product but \"%s\" has not. Choose another set."
                      .formatted(set.name()));
            }
            yield true;
          }
        };
    this.rows = Arena.ofAuto().allocate(4L * dimension * vectors.length, 64);
    for (int i = 0; i < vectors.length; i++) {
      MemorySegment.copy(
          vectors[i], 0, rows, ValueLayout.JAVA_FLOAT, 4L * dimension * i, dimension);
    }
  }

  @Override
  public String name() {
    return "brute force";
  }

  @Override
  public int[] search(float[] query, int candidates, long below) {
    long[] best = new long[10];
    Arrays.fill(best, Long.MAX_VALUE);
    for (int id = 0; id < numbers.length; id++) {
      if (numbers[id] < below) {
        long at = 4L * dimension * id;
        float distance =
            product
                ? -InnerProduct.product(query, rows, at, dimension)
                : SquaredL2.distance(query, rows, at, dimension);
        offer(best, (long) sortable(distance) << 32 | id);
      }
    }
    return Arrays.stream(best)
        .filter(key -> key != Long.MAX_VALUE)
        .mapToInt(key -> (int) key)
        .toArray();
  }

  private static int sortable(float distance) {
    int bits = Float.floatToIntBits(distance);
    return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
  }

  private static void offer(long[] best, long key) {
    if (key < best[best.length - 1]) {
      int at = best.length - 1;
      for (; at > 0 && best[at - 1] > key; at--) {
        best[at] = best[at - 1];
      }
      best[at] = key;
    }
  }

  @Override
  public void close() {} // its memory goes with it
}
