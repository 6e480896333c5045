package io.firn.bench.data;

import java.io.IOException;
import java.util.SplittableRandom;

/**
 * Clustered vectors of low intrinsic dimension: a cluster centre and a spread in a space of {@link
 * #INTRINSIC} dimensions, mapped linearly into {@code dimension}, with slight noise there. Uniform
 * noise would be a search problem nobody has.
 *
 * @param count vectors, at least 1
 * @param dimension floats per vector
 * @param seed same arguments and seed give the same vectors
 */
record SyntheticVectors(int count, int dimension, long seed) implements RowSource {

  private static final int INTRINSIC = 16;
  private static final double SPREAD = 0.5;
  private static final double NOISE = 0.02;

  /** Where the clusters are, and what follows of the random numbers that placed them. */
  private record Shape(float[][] axes, float[][] centres, SplittableRandom random) {

    void draw(SplittableRandom random, int cluster, float[] row) {
      float[] centre = centres[cluster];
      for (int d = 0; d < row.length; d++) {
        row[d] = (float) (NOISE * random.nextGaussian());
      }
      for (int a = 0; a < axes.length; a++) {
        float along = (float) (centre[a] + SPREAD * random.nextGaussian());
        for (int d = 0; d < row.length; d++) {
          row[d] += along * axes[a][d];
        }
      }
    }
  }

  private Shape shape() {
    SplittableRandom shape = new SplittableRandom(seed);
    int intrinsic = Math.min(INTRINSIC, dimension);
    float[][] axes = gaussian(shape, intrinsic, dimension);
    float[][] centres = gaussian(shape, Math.max(1, (int) Math.sqrt(count)), intrinsic);
    return new Shape(axes, centres, shape.split());
  }

  @Override
  public void forEach(RowSink sink) throws IOException {
    Shape shape = shape();
    float[] row = new float[dimension];
    for (int i = 0; i < count; i++) {
      shape.draw(shape.random(), shape.random().nextInt(shape.centres().length), row);
      sink.accept(row);
    }
  }

  /**
   * More vectors like these, none of them twice.
   *
   * @param zipf exponent by which some clusters come more often than others; 0 for all alike
   */
  QueryStream more(double zipf, long streamSeed) {
    Shape shape = shape();
    SplittableRandom random = new SplittableRandom(streamSeed);
    var clusters = new ZipfChoice(shape.centres().length, zipf);
    float[] row = new float[dimension];
    return () -> {
      shape.draw(random, clusters.next(random), row);
      return row;
    };
  }

  private static float[][] gaussian(SplittableRandom random, int rows, int columns) {
    float[][] matrix = new float[rows][columns];
    for (float[] row : matrix) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return matrix;
  }
}
