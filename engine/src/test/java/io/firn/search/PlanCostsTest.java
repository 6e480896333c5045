package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.Plan;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PlanCostsTest {

  private final PlanCosts costs = new PlanCosts(100);

  @Test
  void aPlanThatIsFarSlowerThanExpectedIsLearned() {
    float slow = 30 * costs.nanos(Plan.TRAVERSE);
    learn(Plan.TRAVERSE, slow, 500);
    assertThat(costs.nanos(Plan.TRAVERSE)).isCloseTo(slow, Percentage.withPercentage(1));
  }

  @Test
  void oneInterruptionChangesLittle() {
    float usual = costs.nanos(Plan.EXACT);
    learn(Plan.EXACT, 100_000 * usual, 1);
    assertThat(costs.nanos(Plan.EXACT)).isCloseTo(usual, Percentage.withPercentage(25));
  }

  @Test
  void aPlanNotChosenGoesBackToWhatWasExpected() {
    float first = costs.nanos(Plan.AT_RESULT);
    learn(Plan.AT_RESULT, 5 * first, 500);
    learn(Plan.EXACT, costs.nanos(Plan.EXACT), 5_000);
    assertThat(costs.nanos(Plan.AT_RESULT)).isCloseTo(first, Percentage.withPercentage(1));
  }

  private void learn(Plan plan, float nanos, int times) {
    for (int i = 0; i < times; i++) {
      costs.learn(plan, 1, (long) nanos);
    }
  }
}
