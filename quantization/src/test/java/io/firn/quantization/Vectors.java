package io.firn.quantization;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Test rows and their distances in double precision. */
final class Vectors {

  private Vectors() {}

  static float[] gaussian(int dimension, double deviation, SplittableRandom random) {
    float[] vector = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) (deviation * random.nextGaussian());
    }
    return vector;
  }

  /** Gaussian rows around a common offset, with coordinates of unequal spread. */
  static float[][] skewed(int count, int dimension, long seed) {
    var random = new SplittableRandom(seed);
    float[] offset = gaussian(dimension, 1, random);
    float[][] rows = new float[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = gaussian(dimension, 1, random);
      for (int d = 0; d < dimension; d++) {
        rows[i][d] = rows[i][d] * (1 + 3.0f * d / dimension) + offset[d];
      }
    }
    return rows;
  }

  static FloatRows rows(float[][] rows) {
    int dimension = rows[0].length;
    MemorySegment memory = Arena.ofAuto().allocate(4L * dimension * rows.length, 64);
    for (int i = 0; i < rows.length; i++) {
      MemorySegment.copy(rows[i], 0, memory, FloatRows.FLOAT, 4L * dimension * i, dimension);
    }
    return FloatRows.packed(memory, dimension, rows.length);
  }

  static MemorySegment encoded(Quantizer quantizer, float[][] rows) {
    MemorySegment codes = Arena.ofAuto().allocate(quantizer.codesBytes(rows.length), 64);
    quantizer.encode(rows(rows), 0, rows.length, codes);
    return codes;
  }

  static double exact(Distance distance, float[] a, float[] b) {
    double product = 0;
    double aa = 0;
    double bb = 0;
    double squared = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
      squared += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return switch (distance) {
      case SQUARED_L2 -> squared;
      case INNER_PRODUCT -> -product;
      case COSINE -> aa == 0 || bb == 0 ? 1 : 1 - product / Math.sqrt(aa * bb);
    };
  }

  static CodeScan.ExactDistances exactly(Distance distance, float[] query, float[][] rows) {
    return (numbers, distances, count) -> {
      for (int i = 0; i < count; i++) {
        distances[i] = (float) exact(distance, query, rows[numbers[i]]);
      }
    };
  }

  /** Row numbers by exact distance, then number. */
  static int[] ranking(Distance distance, float[] query, float[][] rows) {
    long[] keys = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      keys[i] = RowKey.of((float) exact(distance, query, rows[i]), i);
    }
    Arrays.sort(keys);
    return Arrays.stream(keys).mapToInt(RowKey::row).toArray();
  }
}
