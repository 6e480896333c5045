package io.firn.bench.data;

import java.util.Locale;

/** How near two vectors are. The harness has its own, so that no engine judges itself. */
public enum Metric {
  /** One minus the cosine of the angle. */
  COSINE,
  /** The inner product, negated. */
  DOT,
  /** The squared Euclidean distance. */
  EUCLIDEAN;

  /** Reads {@code cosine}, {@code dot} or {@code euclidean}. */
  public static Metric named(String name) {
    for (Metric metric : values()) {
      if (metric.word().equals(name.toLowerCase(Locale.ROOT))) {
        return metric;
      }
    }
    throw new IllegalArgumentException(
        "metric must be cosine, dot or euclidean but is '%s': a distance is computed by it. Pass one of the three."
            .formatted(name));
  }

  /** The name in lower case, as on the command line and in rows. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Distance in double precision, smaller is nearer. A zero vector has cosine 0 with any other. */
  double distance(float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    double normA = 0;
    double normB = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) a[i] - b[i];
      squares += difference * difference;
      dot += (double) a[i] * b[i];
      normA += (double) a[i] * a[i];
      normB += (double) b[i] * b[i];
    }
    return switch (this) {
      case COSINE -> normA == 0 || normB == 0 ? 1 : 1 - dot / Math.sqrt(normA * normB);
      case DOT -> -dot;
      case EUCLIDEAN -> squares;
    };
  }
}
