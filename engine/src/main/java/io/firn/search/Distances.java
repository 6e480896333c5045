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

  /** Distances from a padded query to {@code ordinals[from..to)}, four at a time. */
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
      four(layout, query, rows, ordinals, distances, i);
    }
    for (; i < to; i++) {
      distances[i] = one(layout, query, rows, ordinals[i]);
    }
  }

  private static void four(
      RowLayout layout, float[] query, Rows rows, int[] ordinals, float[] distances, int at) {
    MemorySegment memory0 = rows.memory(ordinals[at]);
    MemorySegment memory1 = rows.memory(ordinals[at + 1]);
    MemorySegment memory2 = rows.memory(ordinals[at + 2]);
    MemorySegment memory3 = rows.memory(ordinals[at + 3]);
    long row0 = rows.offset(ordinals[at]);
    long row1 = rows.offset(ordinals[at + 1]);
    long row2 = rows.offset(ordinals[at + 2]);
    long row3 = rows.offset(ordinals[at + 3]);
    int dimension = layout.paddedDimension();
    switch (layout.metric()) {
      case EUCLIDEAN ->
          SquaredL2.distance4(
              query, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension,
              distances, at);
      case COSINE ->
          Cosine.distance4(
              query, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension,
              distances, at);
      case DOT -> {
        InnerProduct.product4(
            query, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension, distances,
            at);
        negate(distances, at);
      }
    }
  }

  private static void negate(float[] distances, int at) {
    for (int i = at; i < at + 4; i++) {
      distances[i] = -distances[i];
    }
  }

  /** Distances between rows of one segment, for the graph's builder. */
  public static NodeDistances between(RowLayout layout, Rows rows) {
    return (node, nodes, distances, count) -> {
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        four(layout, rows, node, nodes, distances, i);
      }
      for (; i < count; i++) {
        distances[i] = one(layout, rows, node, nodes[i]);
      }
    };
  }

  private static float one(RowLayout layout, Rows rows, int node, int other) {
    MemorySegment from = rows.memory(node);
    long fromOffset = rows.offset(node);
    MemorySegment to = rows.memory(other);
    long toOffset = rows.offset(other);
    int dimension = layout.paddedDimension();
    return switch (layout.metric()) {
      case EUCLIDEAN -> SquaredL2.distance(from, fromOffset, to, toOffset, dimension);
      case DOT -> -InnerProduct.product(from, fromOffset, to, toOffset, dimension);
      case COSINE -> Cosine.distance(from, fromOffset, to, toOffset, dimension);
    };
  }

  private static void four(
      RowLayout layout, Rows rows, int node, int[] nodes, float[] distances, int at) {
    MemorySegment from = rows.memory(node);
    MemorySegment memory0 = rows.memory(nodes[at]);
    MemorySegment memory1 = rows.memory(nodes[at + 1]);
    MemorySegment memory2 = rows.memory(nodes[at + 2]);
    MemorySegment memory3 = rows.memory(nodes[at + 3]);
    long own = rows.offset(node);
    long row0 = rows.offset(nodes[at]);
    long row1 = rows.offset(nodes[at + 1]);
    long row2 = rows.offset(nodes[at + 2]);
    long row3 = rows.offset(nodes[at + 3]);
    int dimension = layout.paddedDimension();
    switch (layout.metric()) {
      case EUCLIDEAN ->
          SquaredL2.distance4(
              from, own, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension,
              distances, at);
      case COSINE ->
          Cosine.distance4(
              from, own, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension,
              distances, at);
      case DOT -> {
        InnerProduct.product4(
            from, own, memory0, row0, memory1, row1, memory2, row2, memory3, row3, dimension,
            distances, at);
        negate(distances, at);
      }
    }
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
