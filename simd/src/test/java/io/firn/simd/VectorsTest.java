package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorsTest {

  private static final long SEED = 20261120;

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 3, 15, 16, 17, 100, 128, 784})
  void agreesWithDoublePrecision(int dimension) {
    float[] v = VectorSamples.sample(new SplittableRandom(SEED + dimension), dimension);
    v[0] = 0.5f;
    var summary = IntStream.range(0, dimension).mapToDouble(i -> v[i]).summaryStatistics();
    double magnitude = IntStream.range(0, dimension).mapToDouble(i -> Math.abs(v[i])).sum();
    double squares = IntStream.range(0, dimension).mapToDouble(i -> (double) v[i] * v[i]).sum();

    assertThat(Vectors.min(v, dimension)).isEqualTo((float) summary.getMin());
    assertThat(Vectors.max(v, dimension)).isEqualTo((float) summary.getMax());
    assertThat((double) Vectors.mean(v, dimension))
        .isCloseTo(summary.getAverage(), within(1e-5 * magnitude / dimension));
    assertThat((double) Vectors.normalize(v, dimension))
        .isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
    assertThat(Vectors.squaredNorm(v, dimension)).isCloseTo(1f, within(1e-5f));
  }

  @Test
  void squaredNormIsExactWhereSquaresAre() {
    float[] v = {3, 4, 12, 84, 1};

    assertThat(Vectors.squaredNorm(v, 4)).isEqualTo(7225f);
    assertThat(Vectors.squaredNorm(v, 5)).isEqualTo(7226f);
  }

  @Test
  void zeroVectorKeepsItsValueWhenNormalized() {
    float[] v = new float[20];

    assertThat(Vectors.normalize(v, 20)).isZero();
    assertThat(v).containsOnly(0f);
  }

  @Test
  void centersARow() {
    float[] v = VectorSamples.sample(new SplittableRandom(SEED), 37);
    MemorySegment row = Arena.ofAuto().allocate(200);
    VectorSamples.store(v, row, 4);
    float[] mean = new float[37];
    for (int i = 0; i < 37; i++) {
      mean[i] = i / 10f;
    }
    float[] centered = new float[37];
    Vectors.center(row, 4, mean, 37, centered);

    for (int i = 0; i < 37; i++) {
      assertThat(centered[i]).isEqualTo(v[i] - mean[i]);
    }
  }

  @Test
  void refusesVectorShorterThanItsDimension() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Vectors.min(new float[3], 4));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Vectors.mean(new float[3], 0));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Vectors.squaredNorm(new float[3], 4));
  }
}
