package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import io.firn.quantization.Progress;
import io.firn.quantization.RabitqQuantizer;
import io.firn.quantization.RabitqQuery;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;

/**
 * Errors of RaBitQ estimates over 100,000 pairs of a row and a query, under twenty rotations,
 * beside what the theory promises: the deviations of arXiv:2409.09913 for rotated rows, no bias,
 * and the stated bounds.
 */
final class ErrorMeasurement {

  static final String HEADER =
      """
      | bits | deviation | table | ratio | mean error, standard errors | beyond 1.9 deviations | beyond 3 | |
      |---|---|---|---|---|---|---|---|\
      """;

  /** √(1-κ²)/κ of the infinite Gaussian, by bits. */
  private static final double[] TABLE = {
    0, 0.7555, 0.367, 0.197, 0.108, 0.0592, 0.0323, 0.0174, 0.0093
  };

  private static final int ROWS = 500;
  private static final int ROTATIONS = 20;
  private static final int QUERIES = 10;

  private final Distance distance;
  private final float[] centroid;
  private final float[][] rows = new float[ROWS][];
  private final float[][] queries;

  /**
   * @param all from which rows are taken, evenly spread
   * @param queries at least two hundred
   */
  ErrorMeasurement(FloatRows all, Distance distance, float[][] queries) {
    this.distance = distance;
    this.queries = queries;
    this.centroid = centroid(all);
    for (int i = 0; i < ROWS; i++) {
      rows[i] = new float[all.dimension()];
      all.copy((int) ((long) i * all.count() / ROWS), rows[i]);
    }
  }

  private float[] centroid(FloatRows all) {
    float[] mean = new float[all.dimension()];
    RabitqQuantizer.train(all, 1, distance, 0, Progress.IGNORED).centroid(mean);
    return mean;
  }

  /** Prints a line for each number of bits; returns whether all is as promised. */
  boolean run(PrintStream out) {
    out.println(HEADER);
    boolean holds = true;
    for (int bits = 1; bits <= RabitqQuantizer.MAX_BITS; bits++) {
      ErrorSums sums = measure(bits);
      boolean kept = holds(bits, sums);
      holds &= kept;
      out.printf(
          Locale.ROOT,
          "| %d | %.4f | %.4f | %.3f | %+.2f | %.4f | %.5f | %s |%n",
          bits,
          sums.deviation(),
          TABLE[bits],
          sums.deviation() / TABLE[bits],
          sums.meanInStandardErrors(),
          sums.beyond(1.9),
          sums.beyond(3),
          kept ? "holds" : "BROKEN");
    }
    return holds;
  }

  /** Better than the table is allowed: a finite row has no far tails. */
  private static boolean holds(int bits, ErrorSums sums) {
    double ratio = sums.deviation() / TABLE[bits];
    return ratio < 1.1
        && (bits > 4 || ratio > 0.9)
        && Math.abs(sums.meanInStandardErrors()) < 4
        && sums.beyond(1.9) < 0.08
        && sums.beyond(3) < 0.008;
  }

  private ErrorSums measure(int bits) {
    var sums = new ErrorSums();
    try (Arena arena = Arena.ofShared()) {
      int dimension = centroid.length;
      MemorySegment memory = arena.allocate(4L * dimension * ROWS, 64);
      for (int i = 0; i < ROWS; i++) {
        MemorySegment.copy(
            rows[i], 0, memory, ValueLayout.JAVA_FLOAT, 4L * dimension * i, dimension);
      }
      FloatRows packed = FloatRows.packed(memory, dimension, ROWS);
      for (int rotation = 0; rotation < ROTATIONS; rotation++) {
        var quantizer = new RabitqQuantizer(bits, distance, rotation, centroid);
        MemorySegment codes = arena.allocate(quantizer.codesBytes(ROWS), 64);
        quantizer.encode(packed, 0, ROWS, codes);
        add(quantizer, codes, rotation * QUERIES, sums);
        sums.endRotation();
      }
    }
    return sums;
  }

  private void add(RabitqQuantizer quantizer, MemorySegment codes, int first, ErrorSums sums) {
    RabitqQuery prepared = quantizer.query();
    double weight = distance == Distance.SQUARED_L2 ? 2 : 1;
    for (int q = first; q < first + QUERIES; q++) {
      float[] query = unit(queries[q]);
      prepared.prepare(query);
      double length = weight * Math.sqrt(squaredL2(query, centroid) / (quantizer.codeLength() - 1));
      for (int i = 0; i < ROWS; i++) {
        float[] row = unit(rows[i]);
        double error = prepared.estimateRow(codes, i) - exact(query, row);
        double unit = length * Math.sqrt(squaredL2(row, centroid));
        sums.add(error / unit, error / prepared.deviationRow(codes, i));
      }
    }
  }

  private double exact(float[] query, float[] row) {
    double product = 0;
    for (int i = 0; i < row.length; i++) {
      product += (double) query[i] * row[i];
    }
    return switch (distance) {
      case SQUARED_L2 -> squaredL2(query, row);
      case INNER_PRODUCT -> -product;
      case COSINE -> 1 - product; // of unit vectors
    };
  }

  private float[] unit(float[] vector) {
    if (distance != Distance.COSINE) {
      return vector;
    }
    double norm = Math.sqrt(squaredL2(vector, new float[vector.length]));
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / norm);
    }
    return unit;
  }

  private static double squaredL2(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }
}
