package io.firn.search;

import io.firn.Plan;
import io.firn.search.PlanCosts.Way;

/** Which plan should be fastest for a segment, and which may follow one that was not sure. */
final class PlanChoice {

  private PlanChoice() {}

  /**
   * The plan to begin with.
   *
   * @param matching allowed rows of the segment, or -1 if unknown
   */
  static Plan first(FilteredWalk walk, long matching) {
    if (matching < 0) {
      return Plan.AT_RESULT;
    }
    Plan otherwise = withoutDropping(walk, matching);
    return walk.worthWalking(walk.visits(matching))
            && nanos(walk, Plan.AT_RESULT, matching) < nanos(walk, otherwise, matching)
        ? Plan.AT_RESULT
        : otherwise;
  }

  /** The faster of the plans that look at rows that pass only. */
  private static Plan withoutDropping(FilteredWalk walk, long matching) {
    return walk.traversable()
            && matching * Traversal.SPARSEST >= walk.linked()
            && nanos(walk, Plan.TRAVERSE, matching) < nanos(walk, Plan.EXACT, matching)
        ? Plan.TRAVERSE
        : Plan.EXACT;
  }

  /** What a plan should take, if the first walk of it does. */
  static float nanos(FilteredWalk walk, Plan plan, long matching) {
    return nanos(walk, way(walk, plan, matching), matching);
  }

  private static float nanos(FilteredWalk walk, Way way, long matching) {
    return walk.units(way, matching) * walk.view().costs().nanos(way);
  }

  /** How a plan is carried out. */
  static Way way(FilteredWalk walk, Plan plan, long matching) {
    return switch (plan) {
      case TRAVERSE -> Way.TRAVERSE;
      case AT_RESULT -> Way.AT_RESULT;
      case EXACT ->
          walk.comparableByHeads(matching)
                  && nanos(walk, Way.HEADS, matching) < nanos(walk, Way.VECTORS, matching)
              ? Way.HEADS
              : Way.VECTORS;
    };
  }

  /** The plan after one that was not sure of its result. */
  static Plan next(FilteredWalk walk, Plan failed, long matching) {
    if (failed == Plan.TRAVERSE || walk.fresh()) {
      return Plan.EXACT; // such a walk has met all it can reach
    }
    return matching < 0 ? Plan.AT_RESULT : withoutDropping(walk, matching);
  }

  /**
   * The plan after one that found enough, but nearer rows until its end.
   *
   * @param walk already wider
   * @param width of a walk that drops what does not pass, already wider
   */
  static Plan wider(FilteredWalk walk, Plan restless, long width, long matching) {
    if (matching < 0) {
      return Plan.AT_RESULT;
    }
    Plan otherwise = withoutDropping(walk, matching);
    boolean dropping =
        restless == Plan.AT_RESULT
            && walk.worthWalking(width)
            && width * walk.view().costs().nanos(Way.AT_RESULT) < nanos(walk, otherwise, matching);
    return dropping ? Plan.AT_RESULT : otherwise;
  }

  /** The plan, or the nearest to it that the segment and what is known of it allow. */
  static Plan possible(FilteredWalk walk, Plan plan, long width, long matching) {
    if (plan == Plan.TRAVERSE && matching >= 0) {
      boolean some = walk.ef() < matching && walk.traversable();
      return some ? Plan.TRAVERSE : Plan.EXACT;
    }
    return plan != Plan.EXACT && walk.worthWalking(width) ? Plan.AT_RESULT : Plan.EXACT;
  }
}
