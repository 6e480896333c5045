package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecallCalibrationTest {

  private static final int QUERIES = 20_000;

  @ParameterizedTest(name = "{0} candidates, {1} dimensions")
  @CsvSource({"9.3, 2", "10.5, 100", "10.05, 784", "12, 384"})
  void candidatesAreAsAskedOnAverageAndTheSameForAQuery(double candidates, int dimension) {
    long seed = 3;
    var random = new Random(seed);
    double sum = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        query[d] = random.nextInt(256); // few different bits, as pixels have
      }
      int ef = RecallCalibration.whole(candidates, query);
      assertThat(ef).isBetween((int) candidates, (int) Math.ceil(candidates));
      assertThat(RecallCalibration.whole(candidates, query.clone())).isEqualTo(ef);
      sum += ef;
    }
    assertThat(sum / QUERIES).as("seed %d", seed).isCloseTo(candidates, within(0.02));
  }
}
