package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firn.Plan;
import org.junit.jupiter.api.Test;

class PlanCostsTest {

  private final PlanCosts costs = new PlanCosts(100);
  private final float first = costs.nanos(Plan.EXACT);

  private void learn(Plan plan, int times, float nanos) {
    for (int i = 0; i < times; i++) {
      costs.learn(plan, 1_000, (long) (1_000 * nanos));
    }
  }

  @Test
  void costFollowsWhatSearchesTake() {
    learn(Plan.EXACT, 1_000, 3 * first);
    assertThat(costs.nanos(Plan.EXACT)).isCloseTo(3 * first, within(0.1f));
    learn(Plan.EXACT, 100, first / 2);
    assertThat(costs.nanos(Plan.EXACT)).isCloseTo(first / 2, within(0.1f));
  }

  @Test
  void searchThatWasInterruptedTeachesNothing() {
    learn(Plan.EXACT, 100, 9 * first);
    assertThat(costs.nanos(Plan.EXACT)).isEqualTo(first);
  }

  @Test
  void planThatIsNotChosenIsNotGivenUpForGood() {
    learn(Plan.EXACT, 1_000, 5 * first);
    learn(Plan.TRAVERSE, 5_000, 100);
    assertThat(costs.nanos(Plan.EXACT)).isCloseTo(first, within(0.1f));
  }
}
