package io.firn.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecallCurveTest {

  @Test
  void interpolatesSpeedByItsLogarithm() {
    RecallCurve curve = new RecallCurve(List.of(point(10, 0.9, 10_000), point(40, 0.99, 1_000)));

    SweepPoint middle = curve.at(1 - Math.sqrt(0.1 * 0.01)).orElseThrow();

    assertThat(middle.qps()).isCloseTo(Math.sqrt(10_000.0 * 1_000), within(0.1));
    assertThat(middle.knob()).isEqualTo(20);
  }

  @Test
  void givesAMeasuredPointItself() {
    RecallCurve curve = new RecallCurve(List.of(point(10, 0.9, 10_000), point(40, 0.99, 1_000)));

    assertThat(curve.at(0.99).orElseThrow().qps()).isCloseTo(1_000, within(1e-6));
  }

  @Test
  void givesTheFastestPointWhereItHasMoreRecallThanAsked() {
    RecallCurve curve = new RecallCurve(List.of(point(10, 0.97, 10_000), point(40, 0.99, 1_000)));

    assertThat(curve.at(0.9).orElseThrow().recall()).isEqualTo(0.97);
  }

  @Test
  void hasNothingBeyondTheBestRecall() {
    RecallCurve curve = new RecallCurve(List.of(point(10, 0.97, 10_000)));

    assertThat(curve.at(0.98)).isEmpty();
  }

  @Test
  void leavesOutPointsThatOthersBeatInBoth() {
    RecallCurve curve =
        new RecallCurve(List.of(point(10, 0.9, 900), point(20, 0.95, 1_000), point(30, 0.94, 950)));

    assertThat(curve.front()).extracting(SweepPoint::knob).containsExactly(20);
  }

  @Test
  void aSpeedWithoutRecallIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> point(10, Double.NaN, 1_000));
  }

  private static SweepPoint point(int knob, double recall, double qps) {
    return new SweepPoint(knob, recall, qps, qps, 1e6 / qps, 2e6 / qps, 3e6 / qps, 1e6 / qps, 0);
  }
}
