package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firn.Metric;
import io.firn.quantization.Quantizer;
import io.firn.quantization.RabitqQuantizer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which dimensions a segment codes, and what the space of those that it does not looks like. */
class VaryingDimensionsTest {

  private static final int DIMENSION = 400;
  private static final int ROWS = 2_000;
  private static final long SEED = 31;

  private final Random random = new Random(SEED);

  private interface Value {
    double at(int row, int dimension);
  }

  private static long[] varying(Metric metric, Value value) {
    var layout = new RowLayout(DIMENSION, metric);
    try (RowSlab rows = slab(layout, value)) {
      return new VaryingDimensions(layout, rows, ROWS, _ -> {}).find();
    }
  }

  private static RowSlab slab(RowLayout layout, Value value) {
    var rows = new RowSlab(layout);
    float[] row = new float[DIMENSION];
    for (int i = 0; i < ROWS; i++) {
      for (int d = 0; d < DIMENSION; d++) {
        row[d] = (float) value.at(i, d);
      }
      rows.append(MemorySegment.ofArray(row));
    }
    return rows;
  }

  private static int count(long[] bits) {
    return Arrays.stream(bits).mapToInt(Long::bitCount).sum();
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void dimensionsThatNeverVaryAreLeftOut(Metric metric) {
    long[] bits = varying(metric, (_, d) -> d % 2 == 0 ? random.nextGaussian() : 1);

    assertThat(count(bits)).as("200 that vary, in steps of 64").isEqualTo(256);
    for (int d = 0; d < DIMENSION; d += 2) {
      assertThat((bits[d / 64] >>> d) & 1).as("dimension %d", d).isOne();
    }
  }

  @Test
  void dimensionsThatAllVaryAreAllKept() {
    assertThat(count(varying(Metric.EUCLIDEAN, (_, _) -> random.nextGaussian())))
        .isEqualTo(DIMENSION);
  }

  /** The first 64 have nearly all the variance and do not tell neighbours from each other. */
  @Test
  void dimensionsThatTellNeighboursApartAreKept() {
    float[][] centres = new float[20][64];
    for (float[] centre : centres) {
      for (int d = 0; d < centre.length; d++) {
        centre[d] = 100 * (float) random.nextGaussian();
      }
    }
    long[] bits =
        varying(
            Metric.EUCLIDEAN,
            (row, d) -> d < 64 ? centres[row % 20][d] : d < 300 ? random.nextGaussian() : 0);

    for (int d = 64; d < 300; d++) {
      assertThat((bits[d / 64] >>> d) & 1).as("dimension %d", d).isOne();
    }
    assertThat(count(bits)).isEqualTo(320);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void lengthsAreThoseOfAllDimensions(Metric metric) {
    var layout = new RowLayout(DIMENSION, metric);
    long[] bits = new long[7];
    for (int d = 0; d < 256; d++) {
      int place = (d * 3) % DIMENSION; // 3 and 400 have no common divisor
      bits[place / 64] |= 1L << place;
    }
    float[] mean = gaussian(1);
    CodedSpace space = read(CodedSpace.of(layout, mean, bits, SEED), layout);
    assertThat(space.codeLength()).isEqualTo(256);
    float[] rotated = new float[256];

    float[] vector = gaussian(1);
    float others = space.transform(vector, rotated);

    double squares = 0;
    double otherSquares = 0;
    for (int d = 0; d < DIMENSION; d++) {
      double difference = (double) vector[d] - mean[d];
      if (((bits[d / 64] >>> d) & 1) == 1) {
        squares += difference * difference;
      } else {
        otherSquares += difference * difference;
      }
    }
    double coded = 0;
    for (float value : rotated) {
      coded += (double) value * value;
    }
    assertThat(coded).as("seed %d", SEED).isCloseTo(squares, within(1e-4 * squares));
    assertThat((double) others)
        .isCloseTo(metric == Metric.DOT ? 0 : otherSquares, within(1e-4 * otherSquares));
  }

  private float[] gaussian(double scale) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      vector[d] = (float) (scale * random.nextGaussian());
    }
    return vector;
  }

  /** Writes and reads it; damaged bits and too few bytes are seen. */
  private static CodedSpace read(CodedSpace space, RowLayout layout) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(space.stateBytes());
      space.writeTo(state);
      var quantizer = (RabitqQuantizer) Quantizer.read(state);
      CodedSpace found = Objects.requireNonNull(CodedSpace.read(quantizer, DIMENSION, state));
      MemorySegment cut = state.asSlice(0, state.byteSize() - 1);
      assertThat(CodedSpace.read(quantizer, DIMENSION, cut)).as("cut").isNull();
      assertThat(CodedSpace.read(quantizer, 255, state)).as("fewer dimensions").isNull();
      long bitsAt = (quantizer.stateBytes() + 7) & -8;
      state.set(ValueLayout.JAVA_BYTE, bitsAt, (byte) 0);
      assertThat(CodedSpace.read(quantizer, DIMENSION, state)).as("bits lost").isNull();
      assertThat(found.bits()).isEqualTo(NodeRecordLayout.bits(layout.dimension()));
      return found;
    }
  }
}
