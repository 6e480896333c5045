package io.firn.quantization;

import java.util.SplittableRandom;

/** Lloyd's k-means in each subspace of a bounded sample. Deterministic. One use. */
final class CodebookTraining {

  private static final int ITERATIONS = 12;

  private final float[][] rows;
  private final Codebooks codebooks;
  private final SplittableRandom random;
  private double squaredError;

  CodebookTraining(FloatRows sample, Distance distance, int subspaces, int bits, long seed) {
    int used = Math.min(sample.count(), Codebooks.MAX_SAMPLE_ROWS);
    this.rows = new float[used][sample.dimension()];
    for (int i = 0; i < used; i++) {
      sample.copy((int) ((long) i * sample.count() / used), rows[i]);
      if (distance == Distance.COSINE) {
        Centroid.normalise(rows[i], sample.dimension());
      }
    }
    int centroids = 1 << bits;
    this.codebooks =
        new Codebooks(
            sample.dimension(), subspaces, centroids, new float[sample.dimension() * centroids]);
    this.random = new SplittableRandom(seed);
  }

  Codebooks run(Progress progress) {
    squaredError = 0;
    for (int subspace = 0; subspace < codebooks.subspaces() && rows.length > 0; subspace++) {
      for (int k = 0; k < codebooks.centroids(); k++) {
        set(subspace, k, rows[random.nextInt(rows.length)]);
      }
      double error = 0;
      for (int i = 0; i < ITERATIONS; i++) {
        error = iterate(subspace);
        progress.report((subspace + (i + 1.0) / ITERATIONS) / codebooks.subspaces());
      }
      squaredError += error / rows.length;
    }
    progress.report(1);
    return codebooks;
  }

  /** Mean squared error before the last step: no less than that of the codebooks. */
  float squaredError() {
    return (float) squaredError;
  }

  /** Moves each centroid to the mean of its rows; an empty one to the row worst served. */
  private double iterate(int subspace) {
    int from = codebooks.from(subspace);
    int width = codebooks.from(subspace + 1) - from;
    double[] sums = new double[codebooks.centroids() * width];
    int[] counts = new int[codebooks.centroids()];
    float[] distances = new float[codebooks.centroids()];
    double error = 0;
    float worst = -1;
    int worstRow = 0;
    for (int i = 0; i < rows.length; i++) {
      int nearest = codebooks.nearest(subspace, rows[i], distances);
      counts[nearest]++;
      for (int d = 0; d < width; d++) {
        sums[nearest * width + d] += rows[i][from + d];
      }
      error += distances[nearest];
      if (distances[nearest] > worst) {
        worst = distances[nearest];
        worstRow = i;
      }
    }
    for (int k = 0; k < codebooks.centroids(); k++) {
      if (counts[k] == 0) {
        set(subspace, k, rows[worstRow]);
        worstRow = random.nextInt(rows.length);
      }
      for (int d = 0; d < width && counts[k] > 0; d++) {
        codebooks.values()[(from + d) * codebooks.centroids() + k] =
            (float) (sums[k * width + d] / counts[k]);
      }
    }
    return error;
  }

  private void set(int subspace, int centroid, float[] row) {
    for (int d = codebooks.from(subspace); d < codebooks.from(subspace + 1); d++) {
      codebooks.values()[d * codebooks.centroids() + centroid] = row[d];
    }
  }
}
