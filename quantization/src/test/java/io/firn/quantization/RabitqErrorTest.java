package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Errors of RaBitQ estimates over 100,000 pairs of a row and a query: on Gaussian rows, and on the
 * benchmark's real sets where {@code firn bench data} has prepared them on this machine.
 */
class RabitqErrorTest {

  /** √(1-κ²)/κ of the infinite Gaussian, by bits (arXiv:2409.09913). */
  private static final double[] TABLE = {
    0, 0.7555, 0.367, 0.197, 0.108, 0.0592, 0.0323, 0.0174, 0.0093
  };

  /**
   * The table is that of rows without end. A finite row has no far tails, and from 5 bits on the
   * encoder makes use of it: the code is better than the table, the more the shorter the row.
   */
  private static final double[] LEAST_OF_TABLE = {0, 0.9, 0.9, 0.9, 0.9, 0.8, 0.7, 0.65, 0.6};

  private static final int ROWS = 500;
  private static final int ROTATIONS = 20;
  private static final int QUERIES = 10;
  private static final long SEED = 20261120;
  private static final Map<String, Pairs> LOADED = new HashMap<>();

  static Stream<Arguments> setsAndBits() {
    return Stream.of("gaussian-256", "glove-100", "wordnet-minilm-384", "mnist-784")
        .flatMap(set -> IntStream.rangeClosed(1, 8).mapToObj(bits -> Arguments.of(set, bits)));
  }

  @ParameterizedTest(name = "{0}, {1} bits")
  @MethodSource("setsAndBits")
  void estimatesErrAsTheTheorySays(String set, int bits) throws IOException {
    Pairs pairs = pairs(set);
    var errors = new Errors(bits);
    for (int rotation = 0; rotation < ROTATIONS; rotation++) {
      errors.add(pairs, rotation);
    }

    assertThat(errors.count).isEqualTo(100_000);
    assertThat(Math.abs(errors.meanInStandardErrors()))
        .as("mean error in standard errors")
        .isLessThan(4);
    assertThat(errors.deviation() / TABLE[bits])
        .as("deviation over the table's")
        .isBetween(LEAST_OF_TABLE[bits], 1.1);
    assertThat(errors.beyond(1.9)).as("share beyond 1.9 deviations").isBetween(0.03, 0.08);
    assertThat(errors.beyond(3)).as("share beyond 3 deviations").isLessThan(0.008);
  }

  private static Pairs pairs(String set) throws IOException {
    Pairs known = LOADED.get(set);
    if (known == null) {
      known = set.startsWith("gaussian") ? Pairs.gaussian(256) : Pairs.cached(set);
      LOADED.put(set, known);
    }
    return known;
  }

  /** Rows, and as many queries for each rotation, with their exact distances. */
  private record Pairs(
      Distance distance, float[][] rows, float[] centroid, float[][] queries, double[][] exact) {

    static Pairs of(Distance distance, float[][] rows, float[] centroid, float[][] queries) {
      double[][] exact = new double[queries.length][rows.length];
      for (int q = 0; q < queries.length; q++) {
        for (int i = 0; i < rows.length; i++) {
          exact[q][i] = Vectors.exact(distance, queries[q], rows[i]);
        }
      }
      return new Pairs(distance, rows, centroid, queries, exact);
    }

    static Pairs gaussian(int dimension) {
      var random = new SplittableRandom(SEED);
      float[][] rows = new float[ROWS][];
      float[][] queries = new float[ROTATIONS * QUERIES][];
      Arrays.setAll(rows, i -> Vectors.gaussian(dimension, 1, random));
      Arrays.setAll(queries, i -> Vectors.gaussian(dimension, 1, random));
      return of(Distance.SQUARED_L2, rows, new float[dimension], queries);
    }

    static Pairs cached(String set) throws IOException {
      String root = System.getenv().getOrDefault("FIRN_DATA", "");
      Path folder =
          (root.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache/firn") : Path.of(root))
              .resolve(set);
      assumeTrue(
          Files.exists(folder.resolve("query.fbin")),
          () ->
              "SKIPPED, not measured: no "
                  + folder
                  + ". './firn bench data "
                  + set
                  + "' makes it.");
      Distance distance = set.startsWith("mnist") ? Distance.SQUARED_L2 : Distance.COSINE;
      float[][] rows = read(folder.resolve("base.fbin"), ROWS);
      float[][] sample = read(folder.resolve("base.fbin"), 10_000);
      float[] centroid = Centroid.mean(Vectors.rows(sample), distance, Progress.IGNORED);
      return of(distance, rows, centroid, read(folder.resolve("query.fbin"), ROTATIONS * QUERIES));
    }

    /** Rows spread evenly over an fbin file: int32 rows, int32 dimension, float32 rows. */
    private static float[][] read(Path file, int count) throws IOException {
      try (Arena arena = Arena.ofConfined();
          FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        int all = bytes.get(java.lang.foreign.ValueLayout.JAVA_INT, 0);
        int dimension = bytes.get(java.lang.foreign.ValueLayout.JAVA_INT, 4);
        FloatRows rows = new FloatRows(bytes, 8, 4L * dimension, dimension, all);
        float[][] read = new float[count][dimension];
        for (int i = 0; i < count; i++) {
          rows.copy((int) ((long) i * all / count), read[i]);
        }
        return read;
      }
    }
  }

  private static final class Errors {
    int count;
    private final int bits;
    private double normalisedSquares;
    private double sumOfMeans;
    private double squaresOfMeans;
    private final int[] histogram = new int[1000];

    Errors(int bits) {
      this.bits = bits;
    }

    /** Unbiased over rotations, not over one. */
    void add(Pairs pairs, int rotation) {
      var quantizer = new RabitqQuantizer(bits, pairs.distance, SEED + rotation, pairs.centroid);
      MemorySegment codes = Vectors.encoded(quantizer, pairs.rows);
      RabitqQuery prepared = quantizer.query();
      double weight = pairs.distance == Distance.SQUARED_L2 ? 2 : 1;
      double[] norms = Arrays.stream(pairs.rows).mapToDouble(row -> norm(pairs, row)).toArray();
      double mean = 0;
      for (int q = rotation * QUERIES; q < (rotation + 1) * QUERIES; q++) {
        prepared.prepare(pairs.queries[q]);
        double scale =
            weight * norm(pairs, pairs.queries[q]) / Math.sqrt(quantizer.codeLength() - 1);
        for (int i = 0; i < ROWS; i++) {
          double error = prepared.estimateRow(codes, i) - pairs.exact[q][i];
          normalisedSquares += Math.pow(error / (scale * norms[i]), 2);
          double inDeviations = error / prepared.deviationRow(codes, i);
          mean += inDeviations / ROWS / QUERIES;
          histogram[(int) Math.min(999, Math.abs(inDeviations) * 100)]++;
          count++;
        }
      }
      sumOfMeans += mean;
      squaresOfMeans += mean * mean;
    }

    private static double norm(Pairs pairs, float[] vector) {
      float[] residual = vector.clone();
      if (pairs.distance == Distance.COSINE) {
        Centroid.normalise(residual, residual.length);
      }
      return Math.sqrt(Vectors.exact(Distance.SQUARED_L2, residual, pairs.centroid));
    }

    /** Errors under one rotation are not independent, so the rotations' means are the sample. */
    double meanInStandardErrors() {
      double mean = sumOfMeans / ROTATIONS;
      double variance = (squaresOfMeans / ROTATIONS - mean * mean) / (ROTATIONS - 1);
      return mean / Math.sqrt(variance);
    }

    double deviation() {
      return Math.sqrt(normalisedSquares / count);
    }

    double beyond(double deviations) {
      int from = (int) (deviations * 100);
      return (double) Arrays.stream(histogram, from, histogram.length).sum() / count;
    }
  }
}
