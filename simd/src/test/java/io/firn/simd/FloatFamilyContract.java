package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.offset;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every float32 metric promises, in all its forms, against double precision. */
abstract class FloatFamilyContract {

  static final long SEED = 20261120;

  /** The metric's public forms. */
  interface Forms {
    float one(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension);

    float one(float[] a, MemorySegment b, long bOffset, int dimension);

    void four(
        MemorySegment a,
        long aOffset,
        MemorySegment[] b,
        long[] at,
        int dimension,
        float[] to,
        int n);

    void four(float[] a, MemorySegment[] b, long[] at, int dimension, float[] to, int n);

    void list(
        float[] a, MemorySegment b, long base, long stride, int[] ids, int dimension, float[] to);

    void pairs(RowBlock a, RowBlock b, int dimension, float[] to);
  }

  abstract Forms forms();

  /** The value in double precision, and what an error is relative to: the terms' magnitudes. */
  record Reference(double value, double magnitude) {}

  abstract Reference reference(float[] a, float[] b);

  float[] sample(SplittableRandom random, int dimension) {
    return VectorSamples.sample(random, dimension);
  }

  static IntStream dimensions() {
    return IntStream.concat(
        IntStream.rangeClosed(1, 260), IntStream.of(384, 512, 768, 784, 960, 1024, 1536, 3072));
  }

  @ParameterizedTest(name = "dimension {0}")
  @MethodSource("dimensions")
  void everyFormAgreesWithDoublePrecision(int dimension) {
    var random = new SplittableRandom(SEED + dimension);
    MemorySegment memory = Arena.ofAuto().allocate(64 + 5L * stride(dimension), 64);
    float[][] rows = new float[4][];
    for (int round = 0; round < VectorSamples.PAIRS / 4; round++) {
      if (round % 8 == 0) {
        Arrays.setAll(rows, _ -> sample(random, dimension));
      }
      float[] a = sample(random, dimension);
      check(a, rows, memory, 4L * (round % 2));
      if (round % 4 == 0) {
        check(a, rows, MemorySegment.ofArray(new byte[(int) memory.byteSize()]), 1);
      }
    }
  }

  @ParameterizedTest(name = "{0} rows")
  @ValueSource(ints = {0, 1, 3, 4, 5, 8, 11})
  void listsAndBlocksEqualSingleRows(int count) {
    var random = new SplittableRandom(SEED + count);
    MemorySegment memory = Arena.ofAuto().allocate(12 * 512 + 64, 64);
    for (int i = 0; i < 12; i++) {
      VectorSamples.store(VectorSamples.uniform(random, 112), memory, 64 + 512L * i);
    }
    float[] query = VectorSamples.uniform(random, 112);
    int[] ids = random.ints(count, 0, 12).toArray();
    float[] listed = new float[count];
    forms().list(query, memory, 64, 512, ids, 112, listed);
    float[] paired = new float[3 * count];
    RowBlock queries = new RowBlock(memory, 64 + 512, 512, 3);
    forms().pairs(queries, new RowBlock(memory, 64, 512, count), 112, paired);

    for (int i = 0; i < count; i++) {
      assertThat(listed[i])
          .isCloseTo(
              forms().one(query, memory, 64 + 512L * ids[i], 112),
              offset(1e-4f * Math.max(1, listed[i])));
      for (int q = 0; q < 3; q++) {
        assertThat(paired[q * count + i])
            .isCloseTo(
                forms().one(memory, 64 + 512 + 512L * q, memory, 64 + 512L * i, 112),
                offset(1e-4f * Math.max(1, paired[q * count + i])));
      }
    }
  }

  @Test
  void refusesListsThatAreTooShort() {
    MemorySegment memory = Arena.ofAuto().allocate(1024, 64);
    refuses(() -> forms().list(new float[16], memory, 0, 64, new int[4], 16, new float[3]));
    refuses(() -> forms().list(new float[16], memory, 0, 64, new int[] {16}, 16, new float[1]));
    RowBlock rows = new RowBlock(memory, 0, 64, 4);
    refuses(() -> forms().pairs(rows, rows, 16, new float[15]));
    refuses(() -> forms().pairs(rows, new RowBlock(memory, 0, 64, 17), 16, new float[68]));
  }

  @Test
  void refusesRowThatLeavesItsSegment() {
    float[] query = new float[20];
    MemorySegment inner = Arena.ofAuto().allocate(200, 64).asSlice(40, 80);
    for (MemorySegment rows : new MemorySegment[] {inner, MemorySegment.ofArray(new float[20])}) {
      MemorySegment[] four = {rows, rows, rows, rows};
      for (long offset : new long[] {4, -4, 80, Long.MAX_VALUE, Long.MIN_VALUE}) {
        refuses(() -> forms().one(query, rows, offset, 20));
        refuses(() -> forms().one(rows, 0, rows, offset, 20));
        refuses(() -> forms().one(rows, offset, rows, 0, 20));
        for (int bad = 0; bad < 4; bad++) {
          long[] at = new long[4];
          at[bad] = offset;
          refuses(() -> forms().four(query, four, at, 20, new float[4], 0));
          refuses(() -> forms().four(rows, 0, four, at, 20, new float[4], 0));
        }
        refuses(() -> forms().four(rows, offset, four, new long[4], 20, new float[4], 0));
      }
      refuses(() -> forms().one(query, rows, 0, 21));
      refuses(() -> forms().one(query, rows, 0, -1));
      refuses(() -> forms().one(new float[19], rows, 0, 20));
      refuses(() -> forms().four(query, four, new long[4], 20, new float[4], 1));
      refuses(() -> forms().four(query, four, new long[4], 20, new float[4], -1));
      refuses(() -> forms().four(rows, 0, four, new long[4], 20, new float[4], 1));
      refuses(() -> forms().four(new float[19], four, new long[4], 20, new float[4], 0));
    }
  }

  @Test
  void refusesMemoryOfClosedArena() {
    Arena arena = Arena.ofShared();
    MemorySegment rows = arena.allocate(256, 64);
    arena.close();

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> forms().one(new float[16], rows, 0, 16));
  }

  private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(call);
  }

  private static long stride(int dimension) {
    return (dimension * 4L + 63) & -64L;
  }

  private void check(float[] a, float[][] rows, MemorySegment memory, long shift) {
    int dimension = a.length;
    long stride = stride(dimension);
    long[] at = new long[4];
    MemorySegment[] own = new MemorySegment[4]; // segments that each begin at another row
    long[] ownAt = new long[4];
    VectorSamples.store(a, memory, shift);
    for (int i = 0; i < 4; i++) {
      at[i] = shift + (i + 1) * stride;
      VectorSamples.store(rows[i], memory, at[i]);
      own[i] = memory.asSlice(i * stride);
      ownAt[i] = shift + stride;
    }
    float[] fromSegment = new float[6];
    float[] fromArray = new float[6];
    forms().four(memory, shift, own, ownAt, dimension, fromSegment, 1);
    forms().four(a, own, ownAt, dimension, fromArray, 2);
    for (int i = 0; i < 4; i++) {
      Reference reference = reference(a, rows[i]);
      double expected = reference.value();
      double error = 4 * Math.ulp(1f) * Math.sqrt(dimension) * reference.magnitude();
      near(forms().one(memory, shift, memory, at[i], dimension), expected, error, dimension);
      near(forms().one(a, memory, at[i], dimension), expected, error, dimension);
      near(fromSegment[i + 1], expected, error, dimension);
      near(fromArray[i + 2], expected, error, dimension);
    }
    assertThat(fromSegment[0]).isZero();
    assertThat(fromArray[1]).isZero();
  }

  private static void near(float actual, double expected, double error, int dimension) {
    if (!(Math.abs(actual - expected) <= error + Float.MIN_NORMAL)) {
      throw new AssertionError(
          "dimension %d, seed %d, %s: %s but reference is %s, allowed error %s"
              .formatted(dimension, SEED, Kernels.describe(), actual, expected, error));
    }
  }
}
