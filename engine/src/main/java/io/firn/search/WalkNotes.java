package io.firn.search;

import io.firn.Explanation.SegmentPlan;
import io.firn.Plan;
import io.firn.Tier;
import java.util.ArrayList;
import java.util.List;

/** How a search that nothing limits went through each segment. For one thread. */
final class WalkNotes {

  private final List<SegmentPlan> plans = new ArrayList<>();
  private Tier tier = Tier.HOT;
  private long startedAtNanos;
  private long hops;
  private int candidates;
  private int walks;

  List<SegmentPlan> plans() {
    return List.copyOf(plans);
  }

  /** All is begun anew: what was found so far was too little. */
  void forget() {
    plans.clear();
  }

  void begin(Segment segment) {
    tier = segment.tier();
    startedAtNanos = System.nanoTime();
    hops = 0;
    candidates = 0;
    walks = 0;
  }

  /** A walk is over. */
  void walked(int candidates, long hops) {
    this.candidates = candidates;
    this.hops += hops;
    walks++;
  }

  /**
   * The segment is done.
   *
   * @param compared whether all of its rows were compared
   */
  void end(SegmentView seen, boolean compared) {
    int rows = seen.rowCount();
    plans.add(
        new SegmentPlan(
            compared ? Plan.EXACT : Plan.AT_RESULT,
            tier,
            rows,
            rows,
            compared ? 0 : candidates,
            hops,
            0,
            compared ? walks : Math.max(0, walks - 1),
            -1,
            System.nanoTime() - startedAtNanos));
  }
}
