package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
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
    for (int round = 0; round < 4; round++) {
      check(Arena.ofAuto().allocate(2L * dimension + 1), dimension, random, round);
      check(MemorySegment.ofArray(new byte[2 * dimension + 1]), dimension, random, round);
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

  private static void check(MemorySegment rows, int dimension, SplittableRandom random, int round) {
    for (long i = 0; i < rows.byteSize(); i++) {
      rows.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
    }
    byte[] a = rows.asSlice(0, dimension).toArray(ValueLayout.JAVA_BYTE);
    byte[] b = rows.asSlice(dimension + 1, dimension).toArray(ValueLayout.JAVA_BYTE);
    long product = 0;
    long squares = 0;
    for (int i = 0; i < dimension; i++) {
      product += (long) a[i] * b[i];
      squares += (long) (a[i] - b[i]) * (a[i] - b[i]);
    }
    int differing = new BigInteger(1, a).xor(new BigInteger(1, b)).bitCount();
    String what = "dimension %d, round %d, seed %d, %s";
    assertThat(ByteRows.product(rows, 0, rows, dimension + 1, dimension))
        .as(what, dimension, round, SEED, Kernels.describe())
        .isEqualTo(product);
    assertThat(ByteRows.squaredL2(rows, 0, rows, dimension + 1, dimension))
        .as(what, dimension, round, SEED, Kernels.describe())
        .isEqualTo(squares);
    assertThat(ByteRows.hamming(rows, 0, rows, dimension + 1, dimension))
        .as(what, dimension, round, SEED, Kernels.describe())
        .isEqualTo(differing);
  }
}
