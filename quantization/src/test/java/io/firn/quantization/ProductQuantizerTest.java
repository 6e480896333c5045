package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class ProductQuantizerTest {

  private static final float[][] ROWS = Vectors.skewed(800, 12, 5);

  @Test
  void equalSeedsAndSamplesGiveEqualCodebooks() {
    float[] one = train(1, Progress.IGNORED).codebooks().values();

    assertThat(train(1, Progress.IGNORED).codebooks().values()).isEqualTo(one);
    assertThat(train(2, Progress.IGNORED).codebooks().values()).isNotEqualTo(one);
  }

  @Test
  void trainingReportsItsProgressAndCanBeEnded() {
    double[] last = {-1};
    train(
        1,
        fraction -> {
          assertThat(fraction).isGreaterThanOrEqualTo(last[0]);
          last[0] = fraction;
          return true;
        });

    assertThat(last[0]).isEqualTo(1);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() -> train(1, fraction -> fraction < 0.5))
        .withMessageContaining("cancelled");
  }

  /** Of a sample of any size, rows are held for 131,072 at most: the rest is never read. */
  @Test
  void trainingHoldsABoundedSample() {
    int all = Integer.MAX_VALUE;
    MemorySegment one = Vectors.rows(new float[][] {ROWS[0]}).memory();
    var endless = new FloatRows(one, 0, 0, 12, all); // every row is the first one

    float[] decoded = new float[12];
    var quantizer = ProductQuantizer.train(endless, 2, 4, Distance.SQUARED_L2, 1, Progress.IGNORED);
    quantizer.decodeRow(Vectors.encoded(quantizer, new float[][] {ROWS[0]}), 0, decoded);
    assertThat(decoded).isEqualTo(ROWS[0]);
  }

  @Test
  void everyPartIsCodedByTheNearestCentroid() {
    ProductQuantizer quantizer = train(1, Progress.IGNORED);
    MemorySegment codes = Vectors.encoded(quantizer, ROWS);
    Codebooks books = quantizer.codebooks();
    float[] decoded = new float[12];
    for (int i = 0; i < 50; i++) {
      quantizer.decodeRow(codes, i, decoded);
      for (int s = 0; s < books.subspaces(); s++) {
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < books.centroids(); k++) {
          float[] other = decoded.clone();
          books.copy(s, k, other);
          least = Math.min(least, Vectors.exact(Distance.SQUARED_L2, other, ROWS[i]));
        }
        assertThat(Vectors.exact(Distance.SQUARED_L2, decoded, ROWS[i]))
            .isLessThanOrEqualTo(least * (1 + 1e-5));
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    FloatRows sample = Vectors.rows(ROWS);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ProductQuantizer.train(sample, 3, 5, Distance.COSINE, 1, Progress.IGNORED))
        .withMessageStartingWith("bits must be 8 or 4 but is 5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ProductQuantizer.train(sample, 13, 8, Distance.COSINE, 1, Progress.IGNORED))
        .withMessageStartingWith("subspaces must be 1..12 but is 13");
  }

  private static ProductQuantizer train(long seed, Progress progress) {
    return ProductQuantizer.train(Vectors.rows(ROWS), 5, 4, Distance.SQUARED_L2, seed, progress);
  }
}
