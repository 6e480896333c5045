package io.firn.bench.data;

import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Exact neighbours by comparing each query with each row, rows streamed in blocks, queries spread
 * over all cores. A row that float arithmetic cannot exclude is measured again in double precision,
 * which alone decides.
 */
public final class GroundTruth {

  /** Neighbours kept for each query, if the base has as many. */
  public static final int DEPTH = 100;

  private static final int BLOCK_FLOATS = 1 << 18; // 1 MiB: stays in the second-level cache
  private static final int QUAD = 4;

  /**
   * Float sums of a few thousand products err far less than this, relative to the vectors' size.
   */
  private static final double FLOAT_SLACK = 1e-4;

  private final Metric metric;
  private final float[][] queries; // padded to a multiple of four
  private final double[] queryNorms;
  private final NearestList[] nearest;

  private GroundTruth(Metric metric, float[][] queries, int depth) {
    this.metric = metric;
    this.queries = padded(queries);
    this.queryNorms = Arrays.stream(this.queries).mapToDouble(GroundTruth::norm).toArray();
    this.nearest = new NearestList[this.queries.length];
    Arrays.setAll(nearest, _ -> new NearestList(depth));
  }

  /**
   * Finds each query's nearest rows.
   *
   * @param progress receives the number of base rows done so far
   * @return for each query its neighbours, nearest first
   */
  static NearestList[] of(
      Metric metric, VectorSource base, float[][] queries, LongConsumer progress)
      throws IOException {
    int depth = (int) Math.min(DEPTH, base.count());
    GroundTruth truth = new GroundTruth(metric, queries, depth);
    int dimension = base.dimension();
    int blockRows = Math.max(1, BLOCK_FLOATS / dimension);
    float[] block = new float[blockRows * dimension];
    float[] row = new float[dimension];
    int first = 0;
    for (boolean more = true; more; ) {
      int rows = 0;
      while (rows < blockRows && (more = base.next(row))) {
        System.arraycopy(row, 0, block, rows * dimension, dimension);
        rows++;
      }
      truth.scan(block, rows, dimension, first);
      first += rows;
      progress.accept(first);
    }
    return Arrays.copyOf(truth.nearest, queries.length);
  }

  private void scan(float[] block, int rows, int dimension, int firstId) {
    double[] rowNorms = new double[rows];
    for (int r = 0; r < rows; r++) {
      rowNorms[r] = norm(Arrays.copyOfRange(block, r * dimension, (r + 1) * dimension));
    }
    IntStream.range(0, queries.length / QUAD)
        .parallel()
        .forEach(quad -> scanQuad(quad * QUAD, block, rowNorms, dimension, firstId));
  }

  private void scanQuad(int q, float[] block, double[] rowNorms, int dimension, int firstId) {
    float[] out = new float[QUAD];
    for (int r = 0; r < rowNorms.length; r++) {
      if (metric == Metric.EUCLIDEAN) {
        QuadKernel.squares(block, r * dimension, queries, q, dimension, out);
      } else {
        QuadKernel.dot(block, r * dimension, queries, q, dimension, out);
      }
      for (int i = 0; i < QUAD; i++) {
        if (lowest(out[i], queryNorms[q + i], rowNorms[r]) < nearest[q + i].bound()) {
          float[] row = Arrays.copyOfRange(block, r * dimension, (r + 1) * dimension);
          nearest[q + i].offer(firstId + r, metric.distance(queries[q + i], row));
        }
      }
    }
  }

  /** The smallest distance the exact one can be, given the float sum. */
  private double lowest(float sum, double queryNorm, double rowNorm) {
    double size = queryNorm * rowNorm;
    return switch (metric) {
      case COSINE -> size == 0 ? 1 : 1 - sum / size - FLOAT_SLACK;
      case DOT -> -sum - FLOAT_SLACK * size;
      case EUCLIDEAN -> sum - FLOAT_SLACK * sum;
    };
  }

  private static double norm(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    return Math.sqrt(squares);
  }

  private static float[][] padded(float[][] queries) {
    float[][] padded = Arrays.copyOf(queries, (queries.length + QUAD - 1) / QUAD * QUAD);
    Arrays.fill(padded, queries.length, padded.length, queries[0]);
    return padded;
  }
}
