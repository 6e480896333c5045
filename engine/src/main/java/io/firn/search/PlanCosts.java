package io.firn.search;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one unit of work of each way to search takes on this machine with this collection, learned
 * from the searches themselves: a moving average that starts from figures measured once, and goes
 * back to them slowly while its way is not chosen, so that none is given up for good. Racing
 * updates may lose one another, which an average bears. Safe for any thread.
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

  /** What a search does with a segment, in more detail than its plan. */
  enum Way {
    /** All rows that pass are compared by their vectors; costs are for each. */
    VECTORS,
    /** They are compared by their heads; for each, and for the vectors compared at last. */
    HEADS,
    /** For each candidate. */
    TRAVERSE,
    /** For each candidate. */
    AT_RESULT
  }

  private final Map<Way, Average> averages = new EnumMap<>(Way.class);

  /**
   * Costs to begin with, in nanoseconds: from rows of 32 to 784 dimensions that are half in caches
   * (Zen 4).
   */
  public PlanCosts(int dimension) {
    averages.put(Way.VECTORS, new Average(10 + 0.15f * dimension));
    averages.put(Way.HEADS, new Average(30 + 0.08f * dimension));
    averages.put(Way.TRAVERSE, new Average(2_000 + 8f * dimension));
    averages.put(Way.AT_RESULT, new Average(300 + 1.5f * dimension));
  }

  float nanos(Way way) {
    return Objects.requireNonNull(averages.get(way)).nanos;
  }

  void learn(Way way, long units, long spentNanos) {
    if (units <= 0) {
      return;
    }
    float nanos = (float) spentNanos / units;
    averages.forEach((each, average) -> {
      if (each != way) {
        average.move(average.first, WEIGHT_BACK);
      } else {
        float seen = Math.min(nanos, MOST * average.nanos);
        average.move(seen, seen < average.nanos ? WEIGHT_DOWN : WEIGHT_UP);
      }
    });
  }
}
