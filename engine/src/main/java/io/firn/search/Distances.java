package io.firn.search;

import io.firn.Metric;
import io.firn.hnsw.NodeDistances;
import io.firn.simd.Cosine;
import io.firn.simd.InnerProduct;
import io.firn.simd.SquaredL2;
import java.lang.foreign.MemorySegment;

/**
 * The distance of a metric over rows, in the form that orders fastest: Euclidean is kept squared
 * until {@link #shown}.
 */
public final class Distances {

  private Distances() {}

  /** Distance from a padded query to one row. */
  static float one(RowLayout layout, float[] query, Rows rows, int ordinal) {
    MemorySegment memory = rows.memory(ordinal);
    long offset = rows.offset(ordinal);
    int dimension = layout.paddedDimension();
    return switch (layout.metric()) {
      case EUCLIDEAN -> SquaredL2.distance(query, memory, offset, dimension);
      case DOT -> -InnerProduct.product(query, memory, offset, dimension);
      case COSINE -> Cosine.distance(query, memory, offset, dimension);
    };
  }

  /** Distances from a padded query to {@code ordinals[0..count)}. */
  static void many(
      RowLayout layout, float[] query, Rows rows, int[] ordinals, float[] distances, int count) {
    many(layout, query, rows, ordinals, distances, 0, count);
  }

  /**
   * Distances from a padded query to {@code ordinals[from..to)}, four at a time where they share
   * memory.
   */
  static void many(
      RowLayout layout,
      float[] query,
      Rows rows,
      int[] ordinals,
      float[] distances,
      int from,
      int to) {
    int i = from;
    for (; i + 4 <= to; i += 4) {
      if (rows.shareMemory(ordinals[i], ordinals[i + 1])
          && rows.shareMemory(ordinals[i], ordinals[i + 2])
          && rows.shareMemory(ordinals[i], ordinals[i + 3])) {
        four(layout, query, rows, ordinals, distances, i);
      } else {
        for (int j = i; j < i + 4; j++) {
          distances[j] = one(layout, query, rows, ordinals[j]);
        }
      }
    }
    for (; i < to; i++) {
      distances[i] = one(layout, query, rows, ordinals[i]);
    }
  }

  private static void four(
      RowLayout layout, float[] query, Rows rows, int[] ordinals, float[] distances, int at) {
    MemorySegment memory = rows.memory(ordinals[at]);
    long row0 = rows.offset(ordinals[at]);
    long row1 = rows.offset(ordinals[at + 1]);
    long row2 = rows.offset(ordinals[at + 2]);
    long row3 = rows.offset(ordinals[at + 3]);
    int dimension = layout.paddedDimension();
    switch (layout.metric()) {
      case EUCLIDEAN ->
          SquaredL2.distance4(query, memory, row0, row1, row2, row3, dimension, distances, at);
      case COSINE ->
          Cosine.distance4(query, memory, row0, row1, row2, row3, dimension, distances, at);
      case DOT -> {
        InnerProduct.product4(query, memory, row0, row1, row2, row3, dimension, distances, at);
        for (int i = at; i < at + 4; i++) {
          distances[i] = -distances[i];
        }
      }
    }
  }

  /** Distances between rows of one segment, for the graph's builder. */
  public static NodeDistances between(RowLayout layout, Rows rows) {
    int dimension = layout.paddedDimension();
    return (node, nodes, distances, count) -> {
      MemorySegment from = rows.memory(node);
      long fromOffset = rows.offset(node);
      for (int i = 0; i < count; i++) {
        MemorySegment to = rows.memory(nodes[i]);
        long toOffset = rows.offset(nodes[i]);
        distances[i] =
            switch (layout.metric()) {
              case EUCLIDEAN -> SquaredL2.distance(from, fromOffset, to, toOffset, dimension);
              case DOT -> -InnerProduct.product(from, fromOffset, to, toOffset, dimension);
              case COSINE -> Cosine.distance(from, fromOffset, to, toOffset, dimension);
            };
      }
    };
  }

  /** The squared length between two vectors of a distance, of unit length under COSINE. */
  static float squaredLength(Metric metric, float distance) {
    return metric == Metric.COSINE ? 2 * distance : distance;
  }

  /** The distance a user sees. */
  public static float shown(Metric metric, float distance) {
    return metric == Metric.EUCLIDEAN ? (float) Math.sqrt(distance) : distance;
  }
}
