package io.firn.hnsw;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Float rows for the tests, and squared Euclidean distances between them. */
final class Points {

  private final float[][] rows;

  private Points(float[][] rows) {
    this.rows = rows;
  }

  float[] row(int node) {
    return rows[node];
  }

  float[][] rows() {
    return rows;
  }

  /** Gaussian clusters; every tenth row repeats an earlier one. */
  static Points clustered(int count, int dimension, int clusters, long seed) {
    var random = new SplittableRandom(seed);
    float[][] centres = new float[clusters][dimension];
    for (float[] centre : centres) {
      fill(centre, centre, 1, random);
    }
    float[][] rows = new float[count][dimension];
    for (int i = 0; i < count; i++) {
      if (i % 10 == 9) {
        rows[i] = rows[random.nextInt(i)];
      } else {
        fill(rows[i], centres[random.nextInt(clusters)], 0.5, random);
      }
    }
    return new Points(rows);
  }

  /** As many queries from the same clusters as {@link #clustered} with the same seed. */
  static Points queries(Points near, int count, long seed) {
    var random = new SplittableRandom(seed);
    float[][] rows = new float[count][near.rows[0].length];
    for (float[] row : rows) {
      fill(row, near.rows[random.nextInt(near.rows.length)], 0.3, random);
    }
    return new Points(rows);
  }

  /** Tight clusters so far from each other that no node's nearest lie in another. */
  static Points islands(int islands, int rowsOfEach, int dimension, long seed) {
    var random = new SplittableRandom(seed);
    float[][] rows = new float[islands * rowsOfEach][dimension];
    for (int i = 0; i < rows.length; i++) {
      float[] centre = new float[dimension];
      centre[0] = 1e4f * (i % islands);
      fill(rows[i], centre, 0.1, random);
    }
    return new Points(rows);
  }

  static Points identical(int count, int dimension) {
    float[][] rows = new float[count][];
    Arrays.fill(rows, new float[dimension]);
    return new Points(rows);
  }

  int size() {
    return rows.length;
  }

  NodeDistances distances() {
    return (node, nodes, distances, count) -> fillDistances(rows[node], nodes, distances, count);
  }

  NodeScorer scorer(float[] query) {
    return (nodes, distances, count) -> fillDistances(query, nodes, distances, count);
  }

  HnswGraph graph(HnswParams params) {
    HnswGraph graph = new HnswGraph(params);
    insert(graph, 0, size());
    return graph;
  }

  void insert(HnswGraph graph, int from, int to) {
    for (int node = from; node < to; node++) {
      graph.insert(node, distances());
    }
  }

  /** All nodes by exact distance, then node. */
  int[] ranking(float[] query) {
    long[] keys = new long[size()];
    for (int node = 0; node < keys.length; node++) {
      keys[node] = NodeKey.of(squaredL2(query, rows[node]), node);
    }
    Arrays.sort(keys);
    int[] ranking = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      ranking[i] = NodeKey.node(keys[i]);
    }
    return ranking;
  }

  static float squaredL2(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      float difference = a[i] - b[i];
      sum += difference * difference;
    }
    return sum;
  }

  private void fillDistances(float[] from, int[] nodes, float[] distances, int count) {
    for (int i = 0; i < count; i++) {
      distances[i] = squaredL2(from, rows[nodes[i]]);
    }
  }

  private static void fill(float[] row, float[] centre, double deviation, SplittableRandom random) {
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) (centre[i] + deviation * random.nextGaussian());
    }
  }
}
