package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Data without the spread that codes live on. No estimate and no deviation is NaN, whatever the
 * code; and a scan by RaBitQ codes does not lose the exact neighbour. The other codes state their
 * error as if it were independent in each dimension, which no rotation makes true for them: with
 * half of the dimensions constant, scalar codes of 4 bits did lose it.
 */
class DegenerateDataTest {

  private static final int COUNT = 40;
  private static final long SEED = 20261120;

  /** Rows of unit length are float32: cosines that differ by less are the same to any code. */
  private static final double UNIT_ROUNDING = 0x1p-22;

  /** What is wrong with the rows, which are Gaussian otherwise. */
  enum Shape {
    ALL_ZEROS,
    ONE_ROW,
    ALL_EQUAL,
    DUPLICATES,
    CONSTANT_DIMENSIONS,
    SOME_ZERO_ROWS,
    NORMS_OVER_TWELVE_ORDERS,
    FAR_FROM_THE_ORIGIN;

    float[][] rows(int dimension) {
      var random = new SplittableRandom(SEED + dimension);
      float[][] rows = new float[this == ONE_ROW ? 1 : COUNT][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Vectors.gaussian(dimension, 1, random);
        int earlier = this == ALL_EQUAL ? 0 : this == DUPLICATES ? i / 3 * 3 : i;
        rows[i] = change(i, rows[earlier].clone());
      }
      return rows;
    }

    private float[] change(int number, float[] row) {
      for (int d = 0; d < row.length; d++) {
        row[d] =
            switch (this) {
              case ALL_ZEROS -> 0;
              case CONSTANT_DIMENSIONS -> d <= row.length / 2 ? 3 : row[d];
              case SOME_ZERO_ROWS -> number % 4 == 0 ? 0 : row[d];
              case NORMS_OVER_TWELVE_ORDERS -> (float) (row[d] * Math.pow(10, number % 13 - 6));
              case FAR_FROM_THE_ORIGIN -> row[d] + 1000;
              case ONE_ROW, ALL_EQUAL, DUPLICATES -> row[d];
            };
      }
      return row;
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void noCodeLosesTheExactNeighbour(Shape shape) {
    IntStream.concat(IntStream.rangeClosed(1, 16), IntStream.of(63, 64, 65))
        .forEach(dimension -> check(shape, dimension));
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void norInTenThousandDimensions(Shape shape) {
    float[][] rows = shape.rows(10_000);
    for (Distance distance : Distance.values()) {
      check(new RabitqQuantizer(1, distance, SEED, new float[10_000]), rows, 2);
      check(new RabitqQuantizer(4, distance, SEED, new float[10_000]), rows, 2);
      check(new RabitqQuantizer(8, distance, SEED, new float[10_000]), rows, 2);
      check(new ScalarQuantizer(10_000, 8, distance), rows, 2);
      check(new ScalarQuantizer(10_000, 4, distance), rows, 2);
    }
  }

  private static void check(Shape shape, int dimension) {
    float[][] rows = shape.rows(dimension);
    for (Distance distance : Distance.values()) {
      quantizers(rows, distance).forEach(quantizer -> check(quantizer, rows, rows.length));
    }
  }

  private static Stream<Quantizer> quantizers(float[][] rows, Distance distance) {
    FloatRows sample = Vectors.rows(rows);
    int dimension = rows[0].length;
    int half = (dimension + 1) / 2;
    Stream<Quantizer> rabitq =
        IntStream.of(1, 2, 4, 5, 8)
            .mapToObj(
                bits -> RabitqQuantizer.train(sample, bits, distance, SEED, Progress.IGNORED));
    return Stream.concat(
        rabitq,
        Stream.of(
            new ScalarQuantizer(dimension, 8, distance),
            new ScalarQuantizer(dimension, 4, distance),
            ProductQuantizer.train(sample, half, 4, distance, SEED, Progress.IGNORED),
            new SignQuantizer(new float[dimension])));
  }

  private static void check(Quantizer quantizer, float[][] rows, int queries) {
    MemorySegment codes = Vectors.encoded(quantizer, rows);
    PreparedQuery prepared = quantizer.query();
    for (int q = 0; q < Math.min(queries, rows.length); q++) {
      prepared.prepare(rows[q]);
      for (int i = 0; i < rows.length; i++) {
        assertThat(prepared.estimateRow(codes, i)).as(quantizer.name()).isNotNaN();
        assertThat(prepared.deviationRow(codes, i)).as(quantizer.name()).isNotNaN();
      }
      if (quantizer instanceof RabitqQuantizer) {
        assertThat((double) nearest(prepared, codes, quantizer.distance(), rows[q], rows))
            .as("%s, dimension %d, query %d", quantizer, quantizer.dimension(), q)
            .isCloseTo(
                exact(quantizer.distance(), rows[q], rows),
                within(quantizer.distance() == Distance.COSINE ? UNIT_ROUNDING : 0.0));
      }
    }
  }

  private static float nearest(
      PreparedQuery prepared,
      MemorySegment codes,
      Distance distance,
      float[] query,
      float[][] rows) {
    float[] distances = new float[1];
    int count =
        new CodeScan()
            .nearest(
                prepared,
                codes,
                rows.length,
                6,
                CodeScan.RowFilter.ALL,
                Vectors.exactly(distance, query, rows),
                new int[1],
                distances);
    assertThat(count).isEqualTo(1);
    return distances[0];
  }

  private static double exact(Distance distance, float[] query, float[][] rows) {
    return Arrays.stream(rows)
        .mapToDouble(row -> (float) Vectors.exact(distance, query, row))
        .min()
        .orElseThrow();
  }
}
