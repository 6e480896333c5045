package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarCodesTest {

  private static final long SEED = 20261120;

  private interface One {
    float of(float[] query, MemorySegment codes, long offset, int dimension);
  }

  private interface Four {
    void of(
        float[] query,
        MemorySegment codes,
        long offset0,
        long offset1,
        long offset2,
        long offset3,
        int dimension,
        float[] results,
        int at);
  }

  @ParameterizedTest(name = "dimension {0}")
  @MethodSource("io.firn.simd.FloatFamilyContract#dimensions")
  void everyKernelAgreesWithDoublePrecision(int dimension) {
    var random = new SplittableRandom(SEED + dimension);
    byte[] bytes = new byte[4 * dimension + 3 + 64];
    MemorySegment codes = Arena.ofAuto().allocate(bytes.length);
    for (int round = 0; round < VectorSamples.PAIRS / 4; round++) {
      float[] query = VectorSamples.sample(random, dimension);
      random.nextBytes(bytes);
      checkAll(query, codes.copyFrom(MemorySegment.ofArray(bytes)));
      if (round % 4 == 0) {
        checkAll(query, MemorySegment.ofArray(bytes));
      }
    }
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 100, 1536, 4096})
  void largestCodesAgreeWithDoublePrecision(int dimension) {
    MemorySegment codes = Arena.ofAuto().allocate(4L * dimension + 3 + 64).fill((byte) 255);
    float[] query = VectorSamples.sample(new SplittableRandom(SEED), dimension);
    checkAll(query, codes);
    Arrays.fill(query, 255);
    checkAll(query, codes);
  }

  private static void checkAll(float[] query, MemorySegment codes) {
    int dimension = query.length;
    long[] at = {0, dimension + 1L, 2L * dimension + 2, 3L * dimension + 3};
    int[][] bytes = new int[4][dimension];
    int[][] nibbles = new int[4][dimension];
    for (int row = 0; row < 4; row++) {
      for (int i = 0; i < dimension; i++) {
        bytes[row][i] = ScalarCodes.get8(codes, at[row], i);
        nibbles[row][i] = ScalarCodes.get4(codes, at[row], i);
      }
    }
    check(query, codes, at, bytes, false, Uint8Product::product, Uint8Product::product4);
    check(query, codes, at, bytes, true, Uint8SquaredL2::distance, Uint8SquaredL2::distance4);
    check(query, codes, at, nibbles, false, Uint4Product::product, Uint4Product::product4);
    check(query, codes, at, nibbles, true, Uint4SquaredL2::distance, Uint4SquaredL2::distance4);
  }

  @Test
  void refusesRowThatLeavesItsSegment() {
    float[] query = new float[20];
    for (MemorySegment codes :
        new MemorySegment[] {Arena.ofAuto().allocate(20), MemorySegment.ofArray(new byte[20])}) {
      refuses(() -> Uint8Product.product(query, codes, 1, 20));
      refuses(() -> Uint8Product.product(new float[19], codes, 0, 20));
      refuses(() -> Uint8SquaredL2.distance4(query, codes, 0, 0, 0, 1, 20, new float[4], 0));
      refuses(() -> Uint8SquaredL2.distance4(query, codes, 0, 0, 0, 0, 20, new float[4], 1));
      refuses(() -> Uint4Product.product(query, codes, 5, 20));
      refuses(() -> Uint4SquaredL2.distance4(query, codes, 0, 5, 0, 0, 20, new float[4], 0));
      refuses(() -> ScalarCodes.encode8(query, 20, 0, 1, codes, 1));
      refuses(() -> ScalarCodes.encode4(query, 20, 0, 1, codes, 5));
    }
  }

  @Test
  void codesRoundToTheNearestStepAndStayInRange() {
    float[] v = {-9, 0, 0.4f, 0.6f, 100, 1e9f};
    MemorySegment codes = Arena.ofAuto().allocate(16);
    ScalarCodes.encode8(v, 6, 0, 1, codes, 2);

    assertThat(codes.asSlice(2, 6).toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(0, 0, 0, 1, 100, 255);
    ScalarCodes.encode4(v, 6, 0, 1, codes, 0);
    assertThat(codes.toArray(ValueLayout.JAVA_BYTE))
        .containsExactly(0, 0, 0, 1, 15, 15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void packedCodesReadBackAndLieAsTheFileFormatSays() {
    float[] v = new float[48];
    for (int i = 0; i < 48; i++) {
      v[i] = i * 7 % 16;
    }
    MemorySegment codes = Arena.ofAuto().allocate(ScalarCodes.packedBytes(48));
    ScalarCodes.encode4(v, 48, 0, 1, codes, 0);

    assertThat(codes.byteSize()).isEqualTo(32);
    assertThat(codes.get(ValueLayout.JAVA_BYTE, 3))
        .isEqualTo((byte) (3 * 7 % 16 | 19 * 7 % 16 * 16));
    for (int i = 0; i < 48; i++) {
      assertThat(ScalarCodes.get4(codes, 0, i)).isEqualTo(i * 7 % 16);
    }
  }

  private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
  }

  private static void check(
      float[] query,
      MemorySegment codes,
      long[] at,
      int[][] values,
      boolean squared,
      One one,
      Four four) {
    int dimension = query.length;
    float[] all = new float[6];
    four.of(query, codes, at[0], at[1], at[2], at[3], dimension, all, 1);
    for (int row = 0; row < 4; row++) {
      double expected = 0;
      double magnitude = 0;
      for (int i = 0; i < dimension; i++) {
        double difference = (double) query[i] - values[row][i];
        double term = squared ? difference * difference : query[i] * (double) values[row][i];
        expected += term;
        magnitude += Math.abs(term);
      }
      double error = 4 * Math.ulp(1f) * Math.sqrt(dimension) * magnitude + Float.MIN_NORMAL;
      near(one.of(query, codes, at[row], dimension), expected, error, dimension);
      near(all[row + 1], expected, error, dimension);
    }
    assertThat(all[0] + all[5]).isZero();
  }

  private static void near(float actual, double expected, double error, int dimension) {
    if (!(Math.abs(actual - expected) <= error)) {
      throw new AssertionError(
          "dimension %d, seed %d, %s: %s but reference is %s, allowed error %s"
              .formatted(dimension, SEED, Kernels.describe(), actual, expected, error));
    }
  }
}
