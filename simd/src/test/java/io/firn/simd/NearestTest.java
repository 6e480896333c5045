package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final long SEED = 20261120;

  @ParameterizedTest(name = "k {0} of {1}")
  @CsvSource({"1, 1", "1, 1000", "10, 7", "10, 64", "10, 1000", "100, 5000", "1000, 999"})
  void keepsTheSmallestInOrder(int k, int count) {
    var random = new SplittableRandom(SEED + count);
    for (int round = 0; round < 20; round++) {
      float[] distances = new float[count];
      for (int i = 0; i < count; i++) {
        distances[i] = random.nextInt(200) / 7f - 5;
      }
      int[] expected =
          IntStream.range(0, count)
              .boxed()
              .sorted(Comparator.comparingDouble(i -> distances[i]))
              .mapToInt(i -> i)
              .limit(k)
              .toArray();
      var nearest = new Nearest(k);
      int half = random.nextInt(count + 1);
      nearest.offer(distances, 0, half, 0);
      nearest.offer(distances, half, count - half, half);

      assertThat(IntStream.range(0, nearest.size()).map(nearest::ordinal).toArray())
          .as("round %d, seed %d, %s", round, SEED, Kernels.describe())
          .isEqualTo(expected);
      assertThat(nearest.distance(0)).isEqualTo(distances[expected[0]]);
    }
  }

  @Test
  void notANumberIsNeverKept() {
    float[] distances = new float[100];
    Arrays.fill(distances, Float.NaN);
    distances[77] = 1;
    var nearest = new Nearest(10);
    nearest.offer(distances, 0, 100, 500);

    assertThat(nearest.size()).isEqualTo(1);
    assertThat(nearest.ordinal(0)).isEqualTo(577);
  }

  @Test
  void clearForgetsEverything() {
    var nearest = new Nearest(3);
    nearest.offer(new float[] {1, 2}, 0, 2, 0);
    nearest.clear();

    assertThat(nearest.size()).isZero();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> nearest.distance(0));
  }

  @Test
  void refusesToKeepNothing() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Nearest(0));
  }
}
