package io.firn.search;

import io.firn.Plan;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one unit of work of each plan takes on this machine with this collection, learned from the
 * searches themselves: a moving average that starts from figures measured once, and goes back to
 * them slowly while its plan is not chosen, so that no plan is given up for good. Racing updates
 * may lose one another, which an average bears. Safe for any thread.
 */
public final class PlanCosts {

  /** Slower than expected may be an accident; faster is none. */
  private static final float WEIGHT_UP = 1f / 32;

  private static final float WEIGHT_DOWN = 1f / 8;
  private static final float WEIGHT_BACK = 1f / 512;

  /**
   * A search that took longer than so many times what was expected counts as that long: it may have
   * been interrupted, and if it was not, the next ones will say so too. (Left out, a plan that is
   * always ten times slower than it starts with would be chosen for ever.)
   */
  private static final float MOST = 8;

  private static final class Average {
    private final float first;
    private volatile float nanos;

    Average(float nanos) {
      this.first = nanos;
      this.nanos = nanos;
    }

    void move(float to, float weight) {
      float before = nanos;
      nanos = before + weight * (to - before);
    }
  }

  private final Map<Plan, Average> averages = new EnumMap<>(Plan.class);

  public PlanCosts(int dimension) {
    averages.put(Plan.EXACT, new Average(25 + 0.05f * dimension)); // for each row
    averages.put(Plan.TRAVERSE, new Average(1_000 + 1.5f * dimension)); // for each candidate
    averages.put(Plan.AT_RESULT, new Average(300 + 1.5f * dimension));
  }

  float nanos(Plan plan) {
    return Objects.requireNonNull(averages.get(plan)).nanos;
  }

  void learn(Plan plan, long units, long spentNanos) {
    if (units <= 0) {
      return;
    }
    float nanos = (float) spentNanos / units;
    averages.forEach((each, average) -> {
      if (each != plan) {
        average.move(average.first, WEIGHT_BACK);
      } else {
        float seen = Math.min(nanos, MOST * average.nanos);
        average.move(seen, seen < average.nanos ? WEIGHT_DOWN : WEIGHT_UP);
      }
    });
  }
}
