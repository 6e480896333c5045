package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CosineTest extends FloatFamilyContract {

  @Override
  Forms forms() {
    return new Forms() {
      @Override
      public float one(
          MemorySegment a, long aOffset, MemorySegment b, long bOffset, int dimension) {
        return Cosine.distance(a, aOffset, b, bOffset, dimension);
      }

      @Override
      public float one(float[] a, MemorySegment b, long bOffset, int dimension) {
        return Cosine.distance(a, b, bOffset, dimension);
      }

      @Override
      public void four(
          MemorySegment a,
          long aOffset,
          MemorySegment[] b,
          long[] at,
          int dimension,
          float[] to,
          int n) {
        Cosine.distance4(
            a, aOffset, b[0], at[0], b[1], at[1], b[2], at[2], b[3], at[3], dimension, to, n);
      }

      @Override
      public void four(float[] a, MemorySegment[] b, long[] at, int dimension, float[] to, int n) {
        Cosine.distance4(a, b[0], at[0], b[1], at[1], b[2], at[2], b[3], at[3], dimension, to, n);
      }

      @Override
      public void list(
          float[] a,
          MemorySegment b,
          long base,
          long stride,
          int[] ids,
          int dimension,
          float[] to) {
        Cosine.distances(a, b, base, stride, ids, ids.length, dimension, to);
      }

      @Override
      public void pairs(RowBlock a, RowBlock b, int dimension, float[] to) {
        Cosine.distances(a, b, dimension, to);
      }
    };
  }

  @Override
  Reference reference(float[] a, float[] b) {
    double product = 0;
    double aNorm = 0;
    double bNorm = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      aNorm += (double) a[i] * a[i];
      bNorm += (double) b[i] * b[i];
    }
    double length = Math.sqrt(aNorm * bNorm);
    return new Reference(length == 0 ? 1 : 1 - product / length, 1);
  }

  /**
   * Never so short that its squared norm underflows, which the kernel does not promise to survive.
   */
  @Override
  float[] sample(SplittableRandom random, int dimension) {
    float[] v = VectorSamples.sample(random, dimension);
    v[0] = 0.5f;
    return v;
  }

  @Test
  void rowWithoutLengthIsAtDistanceOne() {
    MemorySegment zero = Arena.ofAuto().allocate(4 * 48, 64);

    assertThat(Cosine.distance(new float[48], zero, 0, 48)).isEqualTo(1f);
    assertThat(Cosine.distance(VectorSamples.sample(new SplittableRandom(1), 48), zero, 0, 48))
        .isEqualTo(1f);
  }

  @Test
  void distanceIsNeverNegativeNorAboveTwo() {
    var random = new SplittableRandom(SEED);
    MemorySegment row = Arena.ofAuto().allocate(4 * 100, 64);
    for (int round = 0; round < 1000; round++) {
      float[] v = sample(random, 100);
      VectorSamples.store(v, row, 0);
      assertThat(Cosine.distance(v, row, 0, 100)).isBetween(0f, 1e-6f);
      for (int i = 0; i < v.length; i++) {
        v[i] = -v[i];
      }
      assertThat(Cosine.distance(v, row, 0, 100)).isBetween(2f - 1e-6f, 2f);
    }
  }
}
