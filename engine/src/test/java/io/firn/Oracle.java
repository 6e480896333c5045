package io.firn;

import java.util.List;

/** What a search should say, computed in double precision from the rows themselves. */
final class Oracle {

  private Oracle() {}

  static double distance(Metric metric, float[] one, float[] other) {
    double product = 0;
    double squares = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      squares += ((double) one[i] - other[i]) * ((double) one[i] - other[i]);
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return switch (metric) {
      case EUCLIDEAN -> Math.sqrt(squares);
      case DOT -> -product;
      case COSINE -> 1 - product / Math.sqrt(ones * others);
    };
  }

  /** Distances from the query, ascending. */
  static double[] distances(Metric metric, float[] query, List<Row> rows) {
    return rows.stream()
        .mapToDouble(row -> distance(metric, query, row.vector()))
        .sorted()
        .toArray();
  }

  /** Share of the true results that were found, by distance, since equal ones tie. */
  static double recall(Metric metric, float[] query, List<Row> rows, List<Hit> hits) {
    if (hits.isEmpty()) {
      return 1;
    }
    double last = distances(metric, query, rows)[hits.size() - 1];
    double slack = 1e-5 * Math.max(1, Math.abs(last));
    return (double) hits.stream().filter(hit -> hit.distance() <= last + slack).count()
        / hits.size();
  }
}
