package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldProductTest {

  @ParameterizedTest(name = "width {0}")
  @ValueSource(ints = {1, 2, 4, 8})
  void vectorAndScalarFormsAgreeForEveryLength(int width) {
    var random = new SplittableRandom(width);
    for (int length = 64; length <= 640; length += 64) {
      float[] query = new float[length];
      for (int i = 0; i < length; i++) {
        query[i] = (float) random.nextGaussian();
      }
      int bytes = FieldProduct.bytes(length, width);
      MemorySegment codes = Arena.ofAuto().allocate(bytes + 16, 64);
      for (int i = 0; i < bytes; i++) {
        codes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 16 + i, (byte) random.nextInt());
      }
      float expected = new FieldProductScalar().product(query, codes, 16, length, width);

      assertThat(FieldProduct.choose().product(query, codes, 16, length, width))
          .as("length %d", length)
          .isCloseTo(expected, within(1e-5f * length * (1 << width)));
    }
  }

  @ParameterizedTest(name = "width {0}")
  @ValueSource(ints = {1, 2, 4, 8})
  void placesDimensionsAsDrawn(int width) {
    int length = 64;
    MemorySegment codes = Arena.ofAuto().allocate(FieldProduct.bytes(length, width), 64);
    int bit = 3 * width;
    codes.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 16 * (bit / 8) + 5, (byte) (1 << (bit % 8)));
    float[] query = new float[length];
    query[3 * 16 + 5] = 2;

    assertThat(FieldProduct.choose().product(query, codes, 0, length, width)).isEqualTo(2);
  }
}
