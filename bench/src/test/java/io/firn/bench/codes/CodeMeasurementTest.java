package io.firn.bench.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CodeMeasurementTest {

  private static final int COUNT = 600;
  private static final int DIMENSION = 32;

  private final SplittableRandom random = new SplittableRandom(5);
  private final float[][] vectors = unitVectors(COUNT);
  private final float[][] queries = unitVectors(20);
  private final int[][] truth = truth();

  @Test
  void exactEstimatesHaveRecallOne() {
    CodeRow row = measurement().measure(new CodeKind("exact", (_, _) -> new Exact(1)));

    assertThat(row.recalls()).containsExactly(1, 1, 1, 1);
  }

  @Test
  void reversedEstimatesHaveRecallZero() {
    CodeRow row = measurement().measure(new CodeKind("reversed", (_, _) -> new Exact(-1)));

    assertThat(row.recalls()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void everyKindOfCodeFindsMostNeighboursAmongAHundredAndTen() {
    for (CodeKind kind : CodeKinds.all(DIMENSION)) {
      CodeRow row = measurement().measure(kind);

      assertThat(row.recalls()[3]).as(kind.name()).isGreaterThan(0.6);
      assertThat(row.recalls()).as(kind.name()).isSorted();
      assertThat(row.bytesPerRow()).as(kind.name()).isBetween(3.0, 128.0);
    }
  }

  private CodeMeasurement measurement() {
    MemorySegment memory = Arena.ofAuto().allocate(4L * COUNT * DIMENSION, 64);
    for (int i = 0; i < COUNT; i++) {
      MemorySegment.copy(
          vectors[i], 0, memory, ValueLayout.JAVA_FLOAT, 4L * DIMENSION * i, DIMENSION);
    }
    FloatRows rows = FloatRows.packed(memory, DIMENSION, COUNT);
    return new CodeMeasurement(rows, Distance.COSINE, queries, truth);
  }

  private int[][] truth() {
    int[][] nearest = new int[queries.length][];
    for (int q = 0; q < queries.length; q++) {
      float[] query = queries[q];
      nearest[q] =
          IntStream.range(0, COUNT)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> -product(query, vectors[i])))
              .limit(10)
              .mapToInt(i -> i)
              .toArray();
    }
    return nearest;
  }

  private static double product(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
    }
    return product;
  }

  private float[][] unitVectors(int count) {
    float[][] rows = new float[count][DIMENSION];
    for (float[] row : rows) {
      for (int i = 0; i < DIMENSION; i++) {
        row[i] = (float) random.nextGaussian();
      }
      double norm = Math.sqrt(product(row, row));
      for (int i = 0; i < DIMENSION; i++) {
        row[i] /= (float) norm;
      }
    }
    return rows;
  }

  /** The distance itself, or its negative. */
  private final class Exact implements CodedRows {
    private final int sign;

    Exact(int sign) {
      this.sign = sign;
    }

    @Override
    public double bytesPerRow() {
      return 4 * DIMENSION;
    }

    @Override
    public double encodedPerSecond() {
      return 1;
    }

    @Override
    public void estimate(float[] query, float[] estimates) {
      for (int i = 0; i < COUNT; i++) {
        estimates[i] = (float) (-sign * product(query, vectors[i]));
      }
    }
  }
}
