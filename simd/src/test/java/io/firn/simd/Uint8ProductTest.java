package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Uint8ProductTest {

  @ParameterizedTest(name = "dimension {0}")
  @MethodSource("io.firn.simd.FloatFamilyContract#dimensions")
  void everyFormAgreesWithDoublePrecision(int dimension) {
    var random = new SplittableRandom(FloatFamilyContract.SEED + dimension);
    for (int round = 0; round < 4; round++) {
      float[] query = VectorSamples.sample(random, dimension);
      try (Arena arena = Arena.ofConfined()) {
        check(query, arena.allocate(4L * dimension + 3), random, round == 0);
      }
      check(query, MemorySegment.ofArray(new byte[4 * dimension + 3]), random, round == 0);
    }
  }

  @Test
  void refusesRowThatLeavesItsSegment() {
    float[] query = new float[20];
    for (MemorySegment codes :
        new MemorySegment[] {Arena.ofAuto().allocate(20), MemorySegment.ofArray(new byte[20])}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Uint8Product.product(query, codes, 1, 20));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Uint8Product.product(new float[19], codes, 0, 20));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Uint8Product.product4(query, codes, 0, 0, 0, 1, 20, new float[4], 0));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> Uint8Product.product4(query, codes, 0, 0, 0, 0, 20, new float[4], 1));
    }
  }

  private static void check(
      float[] query, MemorySegment codes, SplittableRandom random, boolean largest) {
    int dimension = query.length;
    for (long i = 0; i < codes.byteSize(); i++) {
      codes.set(ValueLayout.JAVA_BYTE, i, (byte) (largest ? 255 : random.nextInt(256)));
    }
    float[] four = new float[4];
    Uint8Product.product4(
        query, codes, 0, dimension + 1, 2L * dimension + 2, 3L * dimension + 3, dimension, four, 0);
    for (int row = 0; row < 4; row++) {
      long offset = row * (dimension + 1L);
      double expected = 0;
      double magnitude = 0;
      for (int i = 0; i < dimension; i++) {
        double term = query[i] * (double) (codes.get(ValueLayout.JAVA_BYTE, offset + i) & 255);
        expected += term;
        magnitude += Math.abs(term);
      }
      double error = 4 * Math.ulp(1f) * Math.sqrt(dimension) * magnitude + Float.MIN_NORMAL;
      near(Uint8Product.product(query, codes, offset, dimension), expected, error, dimension);
      near(four[row], expected, error, dimension);
    }
  }

  private static void near(float actual, double expected, double error, int dimension) {
    if (!(Math.abs(actual - expected) <= error)) {
      throw new AssertionError(
          "dimension %d, seed %d, %s: %s but reference is %s, allowed error %s"
              .formatted(
                  dimension,
                  FloatFamilyContract.SEED,
                  Kernels.describe(),
                  actual,
                  expected,
                  error));
    }
  }
}
