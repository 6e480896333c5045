package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RabitqEncoderTest {

  /** √(1-κ²)/κ of the infinite Gaussian, by bits. */
  private static final double[] TABLE = {
    0, 0.7555, 0.367, 0.197, 0.108, 0.0592, 0.0323, 0.0174, 0.0093
  };

  @ParameterizedTest(name = "{0} bits, length {1}")
  @CsvSource({
    "1,128", "1,768", "2,64", "2,768", "3,128", "3,768", "4,128", "4,384", "5,128", "5,384",
    "6,128", "6,384", "7,128", "7,384", "8,128", "8,384"
  })
  void isAsGoodAsTheSweepOfThePaper(int bits, int length) {
    var random = new SplittableRandom(bits * 1000L + length);
    var encoder = new RabitqEncoder(length, bits);
    double ours = 0;
    double sweeps = 0;
    for (int i = 0; i < 25; i++) {
      float[] residual = gaussian(length, 1, random);
      encoder.encode(residual);
      ours += squaredError(residual, encoder, bits);
      sweeps += sweepError(residual, bits);
    }

    assertThat(ours / sweeps).as("squared error, ours over the sweep's").isBetween(0.999, 1.02);
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void hasTheDeviationOfTheTableOrLess(int bits) {
    int length = 768;
    var random = new SplittableRandom(bits);
    var encoder = new RabitqEncoder(length, bits);
    double squares = 0;
    for (int i = 0; i < 200; i++) {
      float[] residual = gaussian(length, 3, random);
      encoder.encode(residual);
      squares += encoder.deviation() * encoder.deviation() / encoder.squaredNorm();
    }
    double found = Math.sqrt(squares / 200 * (length - 1));

    // A finite vector has no far tails, so from 6 bits on the code is better than the table.
    assertThat(found).isBetween(TABLE[bits] * (bits < 6 ? 0.9 : 0.75), TABLE[bits] * 1.1);
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void describesItsOwnCode(int bits) {
    int length = 192;
    float[] residual = gaussian(length, 1e-3f, new SplittableRandom(bits));
    var encoder = new RabitqEncoder(length, bits);
    encoder.encode(residual);
    double[] code = direction(residual, encoder, bits);
    double squares = 0;
    double product = 0;
    double codeSquares = 0;
    for (int i = 0; i < length; i++) {
      squares += (double) residual[i] * residual[i];
      product += residual[i] * code[i];
      codeSquares += code[i] * code[i];
    }
    double cosineSquared = product * product / squares / codeSquares;

    assertThat(encoder.squaredNorm()).isCloseTo(squares, within(1e-5 * squares));
    assertThat(encoder.rescale()).isCloseTo(squares / product, within(1e-5 * squares / product));
    assertThat(encoder.deviation())
        .isCloseTo(
            Math.sqrt(squares * (1 / cosineSquared - 1) / (length - 1)),
            within(1e-2 * encoder.deviation()));
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 5, 8})
  void codesAZeroResidualWithoutNaN(int bits) {
    var encoder = new RabitqEncoder(64, bits);
    encoder.encode(new float[64]);

    assertThat(encoder.squaredNorm()).isZero();
    assertThat(encoder.rescale()).isZero();
    assertThat(encoder.deviation()).isZero();
  }

  @Test
  void vectorAndScalarLoopsAgree() {
    var scalar = new ResidualScalar();
    var chosen = ResidualKernel.choose();
    var random = new SplittableRandom(3);
    for (int length = 64; length <= 512; length += 64) {
      float[] residual = gaussian(length, 1, random);
      residual[5] = 0;
      residual[6] = -0.0f;
      float[] expected = new float[48];
      float[] found = new float[48];
      scalar.sum(residual, length, expected);
      chosen.sum(residual, length, found);
      assertThat(found).isEqualTo(expected);
      scalar.measure(residual, length, 3.7f, 7, expected);
      chosen.measure(residual, length, 3.7f, 7, found);
      assertThat(found).isEqualTo(expected);
      int[] expectedCodes = new int[length];
      int[] foundCodes = new int[length];
      scalar.assign(residual, length, 3.7f, 7, expectedCodes);
      chosen.assign(residual, length, 3.7f, 7, foundCodes);
      assertThat(foundCodes).isEqualTo(expectedCodes);
      assertThat(Arrays.stream(foundCodes)).allMatch(code -> code >= 0 && code < 16);
      long[] expectedPlane = new long[length / 64 + 2];
      long[] foundPlane = new long[length / 64 + 2];
      for (int bit = 0; bit < 4; bit++) {
        scalar.plane(expectedCodes, length, bit, expectedPlane, 1);
        chosen.plane(expectedCodes, length, bit, foundPlane, 1);
        assertThat(foundPlane).isEqualTo(expectedPlane);
        assertThat(BitSet.valueOf(foundPlane).get(64 + 9))
            .isEqualTo((expectedCodes[9] >>> bit & 1) == 1);
      }
    }
  }

  private static double squaredError(float[] residual, RabitqEncoder encoder, int bits) {
    double[] code = direction(residual, encoder, bits);
    double product = 0;
    double squares = 0;
    double codeSquares = 0;
    for (int i = 0; i < code.length; i++) {
      product += residual[i] * code[i];
      squares += (double) residual[i] * residual[i];
      codeSquares += code[i] * code[i];
    }
    return 1 - product * product / squares / codeSquares;
  }

  private static double[] direction(float[] residual, RabitqEncoder encoder, int bits) {
    double[] code = new double[residual.length];
    int[] codes = encoder.codes();
    for (int i = 0; i < code.length; i++) {
      code[i] = codes[i] - ((1 << bits) - 1) / 2.0;
    }
    return code;
  }

  /** The best code at any scale, found by visiting every scale at which a code changes. */
  private static double sweepError(float[] residual, int bits) {
    int length = residual.length;
    int largest = (1 << (bits - 1)) - 1;
    double[][] changes = new double[length * largest][];
    double product = 0;
    double squares = 0;
    double codeSquares = length * 0.25;
    int count = 0;
    for (int i = 0; i < length; i++) {
      double magnitude = Math.abs(residual[i]);
      product += 0.5 * magnitude;
      squares += magnitude * magnitude;
      for (int k = 1; k <= largest; k++) {
        changes[count++] = new double[] {k / magnitude, magnitude, 2 * k};
      }
    }
    Arrays.sort(changes, (a, b) -> Double.compare(a[0], b[0]));
    double best = product * product / codeSquares;
    for (double[] change : changes) {
      product += change[1];
      codeSquares += change[2];
      best = Math.max(best, product * product / codeSquares);
    }
    return 1 - best / squares;
  }

  private static float[] gaussian(int length, float deviation, SplittableRandom random) {
    float[] vector = new float[length];
    for (int i = 0; i < length; i++) {
      vector[i] = (float) (deviation * random.nextGaussian());
    }
    return vector;
  }
}
