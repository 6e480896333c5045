package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotationTest {

  private static final long SEED = 20261120;

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 63, 64, 100, 128, 384, 768, 784, 960, 1024, 1536, 3072})
  void keepsLengthsAndProducts(int dimension) {
    var random = new SplittableRandom(SEED);
    var rotation = new Rotation(dimension, SEED);
    float[] a = VectorSamples.uniform(random, dimension);
    float[] b = VectorSamples.uniform(random, dimension);
    float[] rotatedA = new float[rotation.paddedDimension()];
    float[] rotatedB = new float[rotation.paddedDimension()];
    rotation.rotate(a, rotatedA);
    rotation.rotate(b, rotatedB);

    double length = Math.sqrt(product(a, a) * product(b, b));
    assertThat(rotation.paddedDimension()).isEqualTo((dimension + 63) / 64 * 64);
    assertThat(product(rotatedA, rotatedA)).isCloseTo(product(a, a), within(1e-5 * product(a, a)));
    assertThat(product(rotatedA, rotatedB)).isCloseTo(product(a, b), within(1e-5 * length));
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 64, 100, 128, 384, 784, 960, 1536, 4096})
  void everyKernelRotatesTheSameBitForBit(int dimension) {
    var rotation = new Rotation(dimension, SEED);
    float[] v = VectorSamples.uniform(new SplittableRandom(SEED), dimension);
    float[] rotated = new float[rotation.paddedDimension()];
    float[] twin = new float[rotation.paddedDimension()];
    rotation.rotate(v, rotated);
    rotation.rotate(v, twin, new RotationScalar());

    assertThat(rotated).isEqualTo(twin);
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {1, 63, 64, 100, 128, 384, 784, 960, 1536, 10_000})
  void rotatingBackGivesTheVector(int dimension) {
    var rotation = new Rotation(dimension, SEED);
    float[] v = VectorSamples.uniform(new SplittableRandom(SEED), dimension);
    float[] rotated = new float[rotation.paddedDimension()];
    float[] back = new float[rotation.paddedDimension()];
    float[] twin = new float[rotation.paddedDimension()];
    rotation.rotate(v, rotated);
    rotation.rotateBack(rotated, back);
    rotation.rotateBack(rotated, twin, new RotationScalar());

    assertThat(back).isEqualTo(twin);
    for (int i = 0; i < back.length; i++) {
      assertThat(back[i]).isCloseTo(i < dimension ? v[i] : 0, within(1e-5f));
    }
    rotation.rotateBack(rotated, rotated);
    assertThat(rotated).isEqualTo(back);
  }

  /** The transpose itself: ⟨R v, w⟩ = ⟨v, Rᵀ w⟩ for any w, not only rotated vectors. */
  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {64, 100, 384, 784})
  void rotatingBackIsTheTranspose(int dimension) {
    var random = new SplittableRandom(SEED);
    var rotation = new Rotation(dimension, SEED);
    float[] v = VectorSamples.uniform(random, dimension);
    float[] w = VectorSamples.uniform(random, rotation.paddedDimension());
    float[] rotated = new float[w.length];
    float[] back = new float[w.length];
    rotation.rotate(v, rotated);
    rotation.rotateBack(w, back);

    assertThat(product(v, back))
        .isCloseTo(product(rotated, w), within(1e-5 * Math.sqrt(product(v, v) * product(w, w))));
  }

  @ParameterizedTest(name = "dimension {0}")
  @ValueSource(ints = {100, 128, 384, 768, 784, 960, 1536})
  void spreadsASingleCoordinateOverAllOfThem(int dimension) {
    var rotation = new Rotation(dimension, SEED);
    float[] rotated = new float[rotation.paddedDimension()];
    for (int i = 0; i < dimension; i += 13) {
      float[] v = new float[dimension];
      v[i] = 1;
      rotation.rotate(v, rotated);
      double largest = 0;
      for (float x : rotated) {
        largest = Math.max(largest, Math.abs(x));
      }
      // a random direction's largest coordinate is near sqrt(2 ln D / D)
      assertThat(largest).as("coordinate %d", i).isLessThan(6 / Math.sqrt(rotated.length));
    }
  }

  @Test
  void rotatesRowsAndArraysAlike() {
    var rotation = new Rotation(100, SEED);
    float[] v = VectorSamples.uniform(new SplittableRandom(SEED), 100);
    MemorySegment row = Arena.ofAuto().allocate(500, 64);
    VectorSamples.store(v, row, 8);
    float[] fromArray = new float[128];
    float[] fromRow = new float[130];
    Arrays.fill(fromRow, 7);
    rotation.rotate(v, fromArray);
    rotation.rotate(row, 8, fromRow, 1);

    assertThat(Arrays.copyOfRange(fromRow, 1, 129)).isEqualTo(fromArray);
    assertThat(fromRow[0]).isEqualTo(7f);
    assertThat(fromRow[129]).isEqualTo(7f);
  }

  @Test
  void anotherSeedIsAnotherRotation() {
    float[] v = VectorSamples.uniform(new SplittableRandom(SEED), 64);
    float[] one = new float[64];
    float[] other = new float[64];
    new Rotation(64, 1).rotate(v, one);
    new Rotation(64, 2).rotate(v, other);

    assertThat(one).isNotEqualTo(other);
  }

  @Test
  void refusesArraysThatAreTooShort() {
    var rotation = new Rotation(100, SEED);

    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> rotation.rotate(new float[100], new float[100]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> rotation.rotate(new float[99], new float[128]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> rotation.rotateBack(new float[128], new float[127]));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> rotation.rotateBack(new float[127], new float[128]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Rotation(0, SEED));
  }

  private static double product(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
