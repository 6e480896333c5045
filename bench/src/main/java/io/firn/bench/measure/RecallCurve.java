package io.firn.bench.measure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The useful points of a sweep, those that no other beats in both recall and speed, and what lies
 * between them: times are interpolated by their logarithm, linearly in the logarithm of what recall
 * lacks.
 */
public final class RecallCurve {

  private static final double LEAST_MISS = 1e-4;

  private final List<SweepPoint> front; // recall ascends, speed descends

  /** The curve through {@code points}. */
  public RecallCurve(List<SweepPoint> points) {
    List<SweepPoint> byRecall =
        points.stream().sorted(Comparator.comparingDouble(SweepPoint::recall).reversed()).toList();
    List<SweepPoint> kept = new ArrayList<>();
    double fastest = 0;
    for (SweepPoint point : byRecall) {
      if (point.qps() > fastest) {
        kept.addFirst(point);
        fastest = point.qps();
      }
    }
    front = List.copyOf(kept);
  }

  /** The points no other beats, recall ascending. */
  public List<SweepPoint> front() {
    return front;
  }

  /**
   * What a user who needs {@code recall} gets. If the fastest point already has more, that point.
   *
   * @return empty if no point reaches it
   */
  public Optional<SweepPoint> at(double recall) {
    for (int i = 0; i < front.size(); i++) {
      SweepPoint above = front.get(i);
      if (above.recall() >= recall) {
        return Optional.of(i == 0 ? above : between(front.get(i - 1), above, recall));
      }
    }
    return Optional.empty();
  }

  private static SweepPoint between(SweepPoint below, SweepPoint above, double recall) {
    double from = Math.log(Math.max(LEAST_MISS, 1 - below.recall()));
    double to = Math.log(Math.max(LEAST_MISS, 1 - above.recall()));
    double at = Math.log(Math.max(LEAST_MISS, 1 - recall));
    double share = from == to ? 1 : (at - from) / (to - from);
    ToDoubleFunction<ToDoubleFunction<SweepPoint>> value =
        get -> mix(get.applyAsDouble(below), get.applyAsDouble(above), share);
    return new SweepPoint(
        (int) Math.round(value.applyAsDouble(SweepPoint::knob)),
        recall,
        value.applyAsDouble(SweepPoint::qps),
        value.applyAsDouble(SweepPoint::slowestQps),
        value.applyAsDouble(SweepPoint::p50Micros),
        value.applyAsDouble(SweepPoint::p99Micros),
        value.applyAsDouble(SweepPoint::p999Micros),
        value.applyAsDouble(SweepPoint::cpuMicrosPerQuery),
        value.applyAsDouble(SweepPoint::allocatedBytesPerQuery));
  }

  private static double mix(double below, double above, double share) {
    if (below <= 0 || above <= 0) { // bytes may be none at all
      return below + share * (above - below);
    }
    return Math.exp(Math.log(below) + share * (Math.log(above) - Math.log(below)));
  }
}
