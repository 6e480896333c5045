package io.firn.quantization;

/** The mean of a sample, in double, row by row. */
final class Centroid {

  private static final int ROWS_PER_REPORT = 4096;

  private Centroid() {}

  /** Under COSINE the mean of the rows brought to unit length. Zeros for an empty sample. */
  static float[] mean(FloatRows sample, Distance distance, Progress progress) {
    double[] sum = new double[sample.dimension()];
    float[] row = new float[sample.dimension()];
    for (int i = 0; i < sample.count(); i++) {
      sample.copy(i, row);
      double weight = distance == Distance.COSINE ? inverseNorm(row, row.length) : 1;
      for (int d = 0; d < row.length; d++) {
        sum[d] += weight * row[d];
      }
      if (i % ROWS_PER_REPORT == 0) {
        progress.report((double) i / sample.count());
      }
    }
    progress.report(1);
    float[] mean = new float[row.length];
    for (int d = 0; d < mean.length && sample.count() > 0; d++) {
      mean[d] = (float) (sum[d] / sample.count());
    }
    return mean;
  }

  private static double inverseNorm(float[] row, int length) {
    double squares = DoubleProduct.of(row, row, length);
    return squares == 0 ? 0 : 1 / Math.sqrt(squares);
  }

  /** Brings the first {@code length} floats of a row to unit length; a zero row stays. */
  static void normalise(float[] row, int length) {
    double factor = inverseNorm(row, length);
    for (int d = 0; d < length; d++) {
      row[d] = (float) (row[d] * factor);
    }
  }
}
