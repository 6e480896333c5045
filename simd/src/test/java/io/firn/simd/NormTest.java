package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class NormTest {

  @Test
  void isTheSumOfSquares() {
    float[] v = {3, 4, 12, -1};
    MemorySegment row = Arena.ofAuto().allocate(64, 64);
    VectorSamples.store(v, row, 16);

    assertThat(Norm.squaredNorm(v, 4)).isEqualTo(170f);
    assertThat(Norm.squaredNorm(v, 3)).isEqualTo(169f);
    assertThat(Norm.squaredNorm(row, 16, 4)).isEqualTo(170f);
  }

  @Test
  void refusesVectorShorterThanItsDimension() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> Norm.squaredNorm(new float[3], 4));
  }
}
