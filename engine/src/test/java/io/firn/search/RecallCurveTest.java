package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RecallCurveTest {

  private static final int K = 10;

  private final RecallCurve curve = new RecallCurve();

  /** Half of the queries find all at a width and later, the others nothing. */
  private void add(int samples, int width, long rows, int segments) {
    for (int i = 0; i < samples; i++) {
      float[] recalls = new float[RecallCurve.size()];
      if (i % 2 == 0) {
        Arrays.fill(recalls, width, recalls.length, 1);
      }
      curve.add(recalls, rows, segments);
    }
  }

  @Test
  void nothingIsKnownOfFewQueries() {
    add(99, 3, 1_000, 1);
    assertThat(curve.candidates(K, 0.4)).isZero();
  }

  @Test
  void candidatesLieBetweenTheWidthsThatFindLessAndMore() {
    add(200, 5, 1_000, 1);
    int less = RecallCurve.ef(4, K);
    int more = RecallCurve.ef(5, K);
    assertThat(curve.candidates(K, 0.5)).isEqualTo(more);
    assertThat(curve.candidates(K, 0.25)).isEqualTo((less + more) / 2.0);
    assertThat(curve.candidates(K, 0.9)).as("never reached").isEqualTo(64 * K);
    RecallCurve.Estimate estimate = curve.estimate(K, more);
    assertThat(estimate.recall()).isCloseTo(0.5, within(1e-9));
    assertThat(estimate.samples()).isEqualTo(200);
    assertThat(estimate.margin()).isCloseTo(1.96 * 0.5 / Math.sqrt(200), within(1e-3));
    assertThat(curve.estimate(K, less).recall()).isZero();
  }

  @Test
  void onlyTheLatestQueriesCount() {
    add(2_048, 5, 1_000, 1);
    add(2_048, 4, 1_000, 1);
    assertThat(curve.candidates(K, 0.5)).isEqualTo(RecallCurve.ef(4, K));
    assertThat(curve.estimate(K, 64 * K).samples()).isEqualTo(2_048);
  }

  /** Those of another kind are noticed as soon as enough of the first are known. */
  @Test
  void fewQueriesOfTheFirstKindAreEnoughToTellAnother() {
    add(512, 3, 1_000, 1);
    add(100, 20, 1_000, 1);
    assertThat(curve.estimate(K, 64 * K).samples()).isLessThan(200);
  }

  @Test
  void moreAreCheckedWhileTheRecallIsNotKnownToAHundredth() {
    add(600, 3, 1_000, 1);
    assertThat(curve.hungry(0.012)).isTrue();
    assertThat(curve.hungry(0.006)).isFalse();
    add(1_448, 3, 1_000, 1);
    assertThat(curve.hungry(0.012)).as("as many as are kept").isFalse();
  }

  @Test
  void queriesOfAnotherKindAreLearnedAnew() {
    add(2_048, 3, 1_000, 1);
    assertThat(curve.hungry(0.001)).as("the same queries").isFalse();
    add(100, 20, 1_000, 1);
    assertThat(curve.hungry(0.001)).isTrue();
    assertThat(curve.estimate(K, 64 * K).samples()).isLessThan(200);
    add(100, 20, 1_000, 1);
    assertThat(curve.candidates(K, 0.4)).isGreaterThan(RecallCurve.ef(15, K));
  }

  @Test
  void collectionOfAnotherShapeIsLearnedAnew() {
    add(512, 3, 1_000, 1);
    assertThat(curve.hungry(0.001)).isFalse();
    add(1, 3, 1_100, 1);
    assertThat(curve.hungry(0.001)).isFalse();
    add(1, 3, 1_300, 1);
    assertThat(curve.hungry(0.001)).isTrue();
    add(511, 3, 1_300, 1);
    assertThat(curve.hungry(0.001)).isFalse();
    add(1, 3, 1_300, 2);
    assertThat(curve.hungry(0.001)).isTrue();
  }
}
