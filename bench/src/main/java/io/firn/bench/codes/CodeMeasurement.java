package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import java.util.Arrays;

/** Scans a set by code for every query and counts the true neighbours among the candidates. */
final class CodeMeasurement {

  static final int K = 10;

  /** Candidates reranked beyond the ten nearest by estimate. */
  static final int[] EXTRA = {0, 10, 50, 100};

  private static final int WARM_UP_QUERIES = 20;

  private final FloatRows rows;
  private final Distance distance;
  private final float[][] queries;
  private final int[][] truth;

  CodeMeasurement(FloatRows rows, Distance distance, float[][] queries, int[][] truth) {
    this.rows = rows;
    this.distance = distance;
    this.queries = queries;
    this.truth = truth;
  }

  CodeRow measure(CodeKind kind) {
    CodedRows coded = kind.maker().encode(rows, distance);
    float[] estimates = new float[rows.count()];
    for (int q = 0; q < Math.min(WARM_UP_QUERIES, queries.length); q++) {
      coded.estimate(queries[q], estimates);
    }
    double[] found = new double[EXTRA.length];
    long nanos = 0;
    for (int q = 0; q < queries.length; q++) {
      long start = CpuClock.nanos();
      coded.estimate(queries[q], estimates);
      nanos += CpuClock.nanos() - start;
      count(estimates, truth[q], found);
    }
    for (int i = 0; i < found.length; i++) {
      found[i] /= (double) queries.length * K;
    }
    return new CodeRow(
        kind.name(),
        coded.bytesPerRow(),
        found,
        coded.encodedPerSecond(),
        (double) nanos / queries.length / rows.count());
  }

  /** Exact distances put a true neighbour among the ten as soon as it is a candidate. */
  private static void count(float[] estimates, int[] nearest, double[] found) {
    int[] ranks = new int[K];
    for (int i = 0; i < K; i++) {
      float own = estimates[nearest[i]];
      for (int row = 0; row < estimates.length; row++) {
        if (estimates[row] < own || (estimates[row] == own && row < nearest[i])) {
          ranks[i]++;
        }
      }
    }
    for (int i = 0; i < EXTRA.length; i++) {
      int candidates = K + EXTRA[i];
      found[i] += Arrays.stream(ranks).filter(rank -> rank < candidates).count();
    }
  }
}
