package io.firn.search;

import io.firn.Metric;
import java.util.Arrays;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Finds the dimensions in which the rows of a segment differ. Pixels at the border of an image,
 * rare features, zeros that pad a vector: to code them costs memory and time of every search and
 * tells nothing. A dimension counts by its share of the variance of all rows, and of the
 * differences between neighbours: where clusters lie far apart, what tells neighbours from each
 * other may vary little. One use; one thread.
 */
final class VaryingDimensions {

  /** The share of both that the kept dimensions have at least. */
  private static final double KEPT = 0.995;

  /** Codes come in steps of it. */
  private static final int STEP = 64;

  /** Below it a record is short whatever is left out. */
  private static final int LEAST_LENGTH = 256;

  private static final int LEAST_ROWS = 1_000;

  private static final int SAMPLES = 32;
  private static final int NEIGHBOURS = 10;

  /** Rows between two looks whether to go on. */
  private static final int PROGRESS_ROWS = 1_024;

  private final RowLayout layout;
  private final Rows rows;
  private final int size;
  private final IntConsumer progress;
  private final float[] mean;
  private final double[] variances;

  /**
   * Reads all rows once.
   *
   * @param progress told 0 now and then; what it throws ends the search
   */
  VaryingDimensions(RowLayout layout, Rows rows, int size, IntConsumer progress) {
    this.layout = layout;
    this.rows = rows;
    this.size = size;
    this.progress = progress;
    this.mean = new float[layout.dimension()];
    this.variances = new double[layout.dimension()];
    measure();
  }

  private void measure() {
    double[] sums = new double[mean.length];
    float[] vector = new float[mean.length];
    for (int ordinal = 0; ordinal < size; ordinal++) {
      pause(ordinal);
      RotatedRows.read(layout, rows, ordinal, vector);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += vector[i];
        variances[i] += (double) vector[i] * vector[i];
      }
    }
    for (int i = 0; i < sums.length && size > 0; i++) {
      mean[i] = (float) (sums[i] / size);
      variances[i] = Math.max(0, variances[i] - sums[i] / size * sums[i]);
    }
  }

  private void pause(int ordinal) {
    if (ordinal % PROGRESS_ROWS == 0) {
      progress.accept(0);
    }
  }

  /** The mean of the rows. */
  float[] mean() {
    return mean;
  }

  /** A bit for each dimension that is to be coded: a multiple of 64 of them, or all. */
  long[] find() {
    int dimension = mean.length;
    int all = (dimension + STEP - 1) / STEP * STEP;
    if (all < LEAST_LENGTH || size < LEAST_ROWS) {
      return CodedSpace.all(dimension);
    }
    double[] variance = shares(variances);
    if (enough(order(variance), variance, variance) == all) { // as with most embeddings
      return CodedSpace.all(dimension);
    }
    double[] between = shares(betweenNeighbours());
    double[] both = new double[dimension];
    Arrays.setAll(both, i -> variance[i] + between[i]);
    int[] order = order(both);
    int count = enough(order, variance, between);
    return count == all ? CodedSpace.all(dimension) : bits(order, count);
  }

  private static double[] shares(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(value -> sum > 0 ? value / sum : 0).toArray();
  }

  /** Dimensions by their weight, the greatest first, equal ones by their number. */
  private static int[] order(double[] weights) {
    return IntStream.range(0, weights.length)
        .boxed()
        .sorted((a, b) -> Double.compare(weights[b], weights[a]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** How many of the first dimensions have enough of both, in steps; more than there are if all. */
  private static int enough(int[] order, double[] first, double[] second) {
    double firstLeft = Arrays.stream(first).sum() * (1 - KEPT);
    double secondLeft = Arrays.stream(second).sum() * (1 - KEPT);
    int count = order.length;
    for (; count > 0; count--) {
      firstLeft -= first[order[count - 1]];
      secondLeft -= second[order[count - 1]];
      if (firstLeft < 0 || secondLeft < 0) {
        break;
      }
    }
    return Math.max(STEP, (count + STEP - 1) / STEP * STEP);
  }

  private static long[] bits(int[] order, int count) {
    long[] bits = new long[(order.length + Long.SIZE - 1) / Long.SIZE];
    for (int i = 0; i < count; i++) {
      bits[order[i] / Long.SIZE] |= 1L << order[i];
    }
    return bits;
  }

  /** Squared differences in each dimension between some rows and their nearest ones. */
  private double[] betweenNeighbours() {
    double[] sums = new double[mean.length];
    float[] sample = new float[mean.length];
    float[] neighbour = new float[mean.length];
    for (NearestRows nearest : neighboursOfSamples()) {
      int[] ordinals = nearest.rowNumbers();
      RotatedRows.read(layout, rows, ordinals[0], sample); // itself
      for (int n = 1; n < ordinals.length; n++) {
        RotatedRows.read(layout, rows, ordinals[n], neighbour);
        for (int i = 0; i < sums.length; i++) {
          double difference = (double) sample[i] - neighbour[i];
          sums[i] += difference * difference;
        }
      }
    }
    return sums;
  }

  /** One pass over all rows for all samples, which are spread evenly. */
  private NearestRows[] neighboursOfSamples() {
    var lengths =
        new RowLayout(
            layout.dimension(), layout.metric() == Metric.DOT ? Metric.EUCLIDEAN : layout.metric());
    var nearest = new NearestRows[SAMPLES];
    float[][] samples = new float[SAMPLES][];
    for (int i = 0; i < SAMPLES; i++) {
      nearest[i] = new NearestRows();
      nearest[i].reset(1 + NEIGHBOURS);
      samples[i] = lengths.padded(lengths.read(rows, (int) ((long) i * size / SAMPLES)));
    }
    for (int ordinal = 0; ordinal < size; ordinal++) {
      pause(ordinal);
      for (int i = 0; i < SAMPLES; i++) {
        nearest[i].offer(Distances.one(lengths, samples[i], rows, ordinal), ordinal);
      }
    }
    return nearest;
  }
}
