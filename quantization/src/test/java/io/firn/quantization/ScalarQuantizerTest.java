package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarQuantizerTest {

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 2, 15, 16, 17, 48, 49, 100, 112, 113, 384, 10_000})
  void padsRowsToCacheLines(int dimension) {
    int codeBytes = new ScalarQuantizer(dimension).codeBytes();

    assertThat(codeBytes % 64).isZero();
    assertThat(codeBytes).isBetween(dimension + 16, dimension + 16 + 15 + 63);
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 2, 16, 17, 100, 384, 10_000})
  void decodesWithinHalfAStep(int dimension) {
    float[] row = random(dimension, 1, dimension);
    float[] decoded = new float[dimension];
    var quantizer = new ScalarQuantizer(dimension);
    quantizer.decode(encoded(quantizer, row), 0, decoded);

    float halfStep = range(row) / 510;
    for (int i = 0; i < dimension; i++) {
      assertThat(decoded[i]).isCloseTo(row[i], within(halfStep * 1.001f + 1e-7f));
    }
  }

  @ParameterizedTest
  @EnumSource(Distance.class)
  void estimatesTheDistanceToTheDecodedRow(Distance distance) {
    for (int dimension = 1; dimension <= 140; dimension++) {
      float[] row = random(dimension, 1, dimension);
      float[] query = random(dimension, 1, dimension + 1000);
      var quantizer = new ScalarQuantizer(dimension);
      MemorySegment codes = encoded(quantizer, row);
      float[] decoded = new float[dimension];
      quantizer.decode(codes, 0, decoded);

      double expected = exact(distance, query, decoded);
      assertThat((double) quantizer.query().prepare(query, distance).estimate(codes, 0))
          .as("dimension %d", dimension)
          .isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
    }
  }

  @ParameterizedTest
  @EnumSource(Distance.class)
  void estimatesFourRowsAsItDoesOne(Distance distance) {
    int dimension = 100;
    var quantizer = new ScalarQuantizer(dimension);
    int stride = quantizer.codeBytes();
    MemorySegment codes = Arena.ofAuto().allocate(4L * stride, 64);
    for (int i = 0; i < 4; i++) {
      quantizer.encode(random(dimension, 3, i), codes, (long) i * stride);
    }
    ScalarQuery query = quantizer.query().prepare(random(dimension, 3, 9), distance);
    float[] four = new float[6];
    query.estimate4(codes, 3L * stride, stride, 0, 2L * stride, four, 1);

    int[] order = {3, 1, 0, 2};
    for (int i = 0; i < 4; i++) {
      float one = query.estimate(codes, (long) order[i] * stride);
      assertThat(four[1 + i]).isCloseTo(one, within(1e-5f * (1 + Math.abs(one))));
    }
    assertThat(four[0]).isZero();
    assertThat(four[5]).isZero();
  }

  @Test
  void staysWithinItsStatedErrorOfTheOriginalRow() {
    int dimension = 384;
    var quantizer = new ScalarQuantizer(dimension);
    for (int seed = 0; seed < 500; seed++) {
      float[] row = random(dimension, 1, seed);
      float[] query = random(dimension, 1, seed + 5000);
      MemorySegment codes = encoded(quantizer, row);
      double codeError = range(row) / 510.0 * Math.sqrt(dimension);
      double root =
          Math.sqrt(quantizer.query().prepare(query, Distance.SQUARED_L2).estimate(codes, 0));

      assertThat(root)
          .as("seed %d", seed)
          .isCloseTo(Math.sqrt(exact(Distance.SQUARED_L2, query, row)), within(codeError * 1.01));
    }
  }

  @Test
  void keepsPrecisionFarFromTheOrigin() {
    int dimension = 128;
    var quantizer = new ScalarQuantizer(dimension);
    float[] row = random(dimension, 1, 1);
    float[] query = random(dimension, 1, 2);
    for (int i = 0; i < dimension; i++) {
      row[i] += 1000;
      query[i] += 1000;
    }
    double expected = exact(Distance.SQUARED_L2, query, row);
    float estimate =
        quantizer.query().prepare(query, Distance.SQUARED_L2).estimate(encoded(quantizer, row), 0);

    assertThat((double) estimate).isCloseTo(expected, within(0.02 * expected));
  }

  @ParameterizedTest(name = "scale {0}")
  @ValueSource(floats = {0, 1.4e-45f, 1e-38f, 1e-20f, 1e-6f, 1, 1e6f, 1e18f, 1e38f})
  void neverEstimatesNaN(float scale) {
    for (int dimension : new int[] {1, 2, 16, 33, 300}) {
      var quantizer = new ScalarQuantizer(dimension);
      ScalarQuery query = quantizer.query();
      float[][] vectors = {
        new float[dimension],
        constant(dimension, scale),
        constant(dimension, -scale),
        random(dimension, scale, 3),
        random(dimension, scale, 4),
        random(dimension, 1, 5),
      };
      for (float[] row : vectors) {
        MemorySegment codes = encoded(quantizer, row);
        for (float[] other : vectors) {
          for (Distance distance : Distance.values()) {
            assertThat(query.prepare(other, distance).estimate(codes, 0)).isNotNaN();
          }
        }
      }
    }
  }

  @Test
  void isExactForConstantAndZeroRows() {
    var quantizer = new ScalarQuantizer(20);
    float[] query = random(20, 1, 1);
    for (float value : new float[] {0, 3.25f, -1e-30f}) {
      float[] row = constant(20, value);
      MemorySegment codes = encoded(quantizer, row);
      float[] decoded = new float[20];
      quantizer.decode(codes, 0, decoded);

      assertThat(decoded).isEqualTo(row);
      assertThat((double) quantizer.query().prepare(query, Distance.SQUARED_L2).estimate(codes, 0))
          .isCloseTo(exact(Distance.SQUARED_L2, query, row), within(1e-4));
    }
  }

  @Test
  void writesOnlyItsOwnBytesAndAllOfThem() {
    var quantizer = new ScalarQuantizer(21);
    int stride = quantizer.codeBytes();
    MemorySegment first = Arena.ofAuto().allocate(3L * stride);
    MemorySegment second = Arena.ofAuto().allocate(3L * stride);
    first.fill((byte) 0x11);
    second.fill((byte) 0x22);
    quantizer.encode(random(21, 1, 1), first, stride);
    quantizer.encode(random(21, 1, 1), second, stride);

    assertThat(first.asSlice(stride, stride).mismatch(second.asSlice(stride, stride)))
        .isEqualTo(-1);
    for (int at = 0; at < stride; at++) {
      assertThat(first.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at)).isEqualTo((byte) 0x11);
      assertThat(first.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 2L * stride + at))
          .isEqualTo((byte) 0x11);
    }
  }

  @Test
  void refusesDimensionsAndPlacesThatDoNotFit() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ScalarQuantizer(0))
        .withMessageStartingWith("dimension must be 1..10000 but is 0");
    assertThatIllegalArgumentException().isThrownBy(() -> new ScalarQuantizer(10_001));
    var quantizer = new ScalarQuantizer(8);
    MemorySegment codes = Arena.ofAuto().allocate(quantizer.codeBytes());

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> quantizer.encode(new float[8], codes, 1));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> quantizer.encode(new float[7], codes, 0));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> quantizer.query().prepare(new float[7], Distance.COSINE));
  }

  private static MemorySegment encoded(ScalarQuantizer quantizer, float[] row) {
    MemorySegment codes = Arena.ofAuto().allocate(quantizer.codeBytes(), 64);
    quantizer.encode(row, codes, 0);
    return codes;
  }

  private static double exact(Distance distance, float[] a, float[] b) {
    double product = 0;
    double aa = 0;
    double bb = 0;
    double squared = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
      squared += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return switch (distance) {
      case SQUARED_L2 -> squared;
      case INNER_PRODUCT -> -product;
      case COSINE -> aa == 0 || bb == 0 ? 1 : 1 - product / Math.sqrt(aa * bb);
    };
  }

  private static float range(float[] row) {
    float lower = row[0];
    float upper = row[0];
    for (float value : row) {
      lower = Math.min(lower, value);
      upper = Math.max(upper, value);
    }
    return upper - lower;
  }

  private static float[] constant(int dimension, float value) {
    float[] row = new float[dimension];
    java.util.Arrays.fill(row, value);
    return row;
  }

  private static float[] random(int dimension, float scale, long seed) {
    var random = new SplittableRandom(seed);
    float[] row = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      row[i] = (float) (scale * random.nextDouble(-1, 1));
    }
    return row;
  }
}
