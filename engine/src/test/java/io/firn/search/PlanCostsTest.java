package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.PlanCosts.Way;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PlanCostsTest {

  private final PlanCosts costs = new PlanCosts(100);

  @Test
  void aPlanThatIsFarSlowerThanExpectedIsLearned() {
    float slow = 30 * costs.nanos(Way.TRAVERSE);
    learn(Way.TRAVERSE, slow, 500);
    assertThat(costs.nanos(Way.TRAVERSE)).isCloseTo(slow, Percentage.withPercentage(1));
  }

  @Test
  void oneInterruptionChangesLittle() {
    float usual = costs.nanos(Way.VECTORS);
    learn(Way.VECTORS, 100_000 * usual, 1);
    assertThat(costs.nanos(Way.VECTORS)).isCloseTo(usual, Percentage.withPercentage(25));
  }

  @Test
  void aPlanNotChosenGoesBackToWhatWasExpected() {
    float first = costs.nanos(Way.AT_RESULT);
    learn(Way.AT_RESULT, 5 * first, 500);
    learn(Way.VECTORS, costs.nanos(Way.VECTORS), 5_000);
    assertThat(costs.nanos(Way.AT_RESULT)).isCloseTo(first, Percentage.withPercentage(1));
  }

  private void learn(Way way, float nanos, int times) {
    for (int i = 0; i < times; i++) {
      costs.learn(way, 1, (long) nanos);
    }
  }
}
