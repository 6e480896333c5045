package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRowsTest {

  private static final long SEED = 20261120;

  @ParameterizedTest(name = "dimension {0}")
  @MethodSource("io.firn.simd.FloatFamilyContract#dimensions")
  void resultsAreExact(int dimension) {
    var random = new SplittableRandom(SEED + dimension);
    byte[] bytes = new byte[2 * dimension + 1];
    MemorySegment rows = Arena.ofAuto().allocate(bytes.length);
    for (int pair = 0; pair < VectorSamples.PAIRS; pair++) {
      random.nextBytes(bytes);
      check(rows.copyFrom(MemorySegment.ofArray(bytes)), bytes, dimension, pair);
      if (pair % 8 == 0) {
        check(MemorySegment.ofArray(bytes), bytes, dimension, pair);
      }
    }
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {4096, 40_000, 200_001})
  void largestSumsDoNotOverflow(int dimension) {
    MemorySegment rows = Arena.ofAuto().allocate(2L * dimension);
    rows.asSlice(0, dimension).fill((byte) -128);
    rows.asSlice(dimension).fill((byte) 127);

    long squares = 255L * 255 * dimension;
    assertThat(ByteRows.squaredL2(rows, 0, rows, dimension, dimension)).isEqualTo(squares);
    assertThat(ByteRows.product(rows, 0, rows, dimension, dimension))
        .isEqualTo(-128L * 127 * dimension);
    assertThat(ByteRows.product(rows, 0, rows, 0, dimension)).isEqualTo(128L * 128 * dimension);
  }

  @Test
  void refusesRowThatLeavesItsSegment() {
    MemorySegment rows = Arena.ofAuto().allocate(20);

    refuses(() -> ByteRows.product(rows, 1, rows, 0, 20));
    refuses(() -> ByteRows.squaredL2(rows, 0, rows, -1, 20));
    refuses(() -> ByteRows.hamming(rows, 0, rows, 0, 21));
  }

  private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
  }

  private static void check(MemorySegment rows, byte[] bytes, int dimension, int pair) {
    long product = 0;
    long squares = 0;
    int differing = 0;
    for (int i = 0; i < dimension; i++) {
      int a = bytes[i];
      int b = bytes[dimension + 1 + i];
      product += (long) a * b;
      squares += (long) (a - b) * (a - b);
      differing += Integer.bitCount((a ^ b) & 255);
    }
    long at = dimension + 1L;
    equal(ByteRows.product(rows, 0, rows, at, dimension), product, dimension, pair);
    equal(ByteRows.squaredL2(rows, 0, rows, at, dimension), squares, dimension, pair);
    equal(ByteRows.hamming(rows, 0, rows, at, dimension), differing, dimension, pair);
  }

  private static void equal(long actual, long expected, int dimension, int pair) {
    if (actual != expected) {
      throw new AssertionError(
          "dimension %d, pair %d, seed %d, %s: %d but exact is %d"
              .formatted(dimension, pair, SEED, Kernels.describe(), actual, expected));
    }
  }
}
