package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SignQuantizerTest {

  @Test
  void countsTheDimensionsWhoseSignsDiffer() {
    for (int dimension = 1; dimension <= 200; dimension++) {
      var random = new SplittableRandom(dimension);
      float[] row = Vectors.gaussian(dimension, 1, random);
      float[] query = Vectors.gaussian(dimension, 1, random);
      var quantizer = new SignQuantizer(new float[dimension]);
      MemorySegment codes = Vectors.encoded(quantizer, new float[][] {query, row});
      int expected = 0;
      for (int i = 0; i < dimension; i++) {
        expected += row[i] > 0 != query[i] > 0 ? 1 : 0;
      }

      assertThat(quantizer.query().prepare(query).hamming(codes, 1)).isEqualTo(expected);
      assertThat(quantizer.query().prepare(query).hamming(codes, 0)).isZero();
    }
  }

  @Test
  void estimatesTheAngleOfGaussianRows() {
    int dimension = 2000;
    var random = new SplittableRandom(1);
    float[] query = Vectors.gaussian(dimension, 1, random);
    float[] row = Vectors.gaussian(dimension, 1, random);
    for (int i = 0; i < dimension; i++) {
      row[i] += query[i];
    }
    var quantizer = new SignQuantizer(new float[dimension]);
    MemorySegment codes = Vectors.encoded(quantizer, new float[][] {row});
    SignQuery prepared = quantizer.query().prepare(query);

    assertThat((double) prepared.estimateRow(codes, 0))
        .isCloseTo(
            Vectors.exact(Distance.COSINE, query, row),
            within(4.0 * prepared.deviationRow(codes, 0)));
  }

  @Test
  void refusesDimensionZero() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SignQuantizer(new float[0]));
  }
}
