package io.firn.search;

import io.firn.Plan;
import io.firn.search.PlanCosts.Way;

/** Which plan should be fastest for a segment, and which may follow one that was not sure. */
final class PlanChoice {

  /**
   * How many times as long as the walk it began with a search may take to compare all rows that
   * pass, for no other reason than that its query is far from them: 50 to 110 among 100,000 rows of
   * 16 floats, about 500 among a million of 768.
   */
  private static final int BEARABLE = 1_000;

  /** Rows that a traversal compares for each that it expands; fewer in all are better compared. */
  private static final int ROWS_PER_HOP = 32;

  /** To read the record of one row from LMDB. */
  private static final float RECORD_NANOS = 1_500;

  private PlanChoice() {}

  /**
   * The plan to begin with.
   *
   * @param matching allowed rows of the segment, or -1 if unknown
   */
  static Plan first(FilteredWalk walk, long matching) {
    Plan otherwise = withoutDropping(walk, matching);
    return droppingPays(walk, walk.visits(matching), otherwise, matching)
        ? Plan.AT_RESULT
        : otherwise;
  }

  /** True if a walk of a width is faster than another plan, if it finds enough. */
  private static boolean droppingPays(
      FilteredWalk walk, long width, Plan otherwise, long matching) {
    float nanos = width * walk.view().costs().nanos(Way.AT_RESULT);
    return walk.worthWalking(width)
        && nanos + recordNanos(walk, Way.AT_RESULT, matching) < nanos(walk, otherwise, matching);
  }

  /** The faster of the plans that look at rows that pass only. */
  private static Plan withoutDropping(FilteredWalk walk, long matching) {
    return walk.traversable()
            && matching > (long) walk.ef() * ROWS_PER_HOP
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
    return walk.units(way, matching) * walk.view().costs().nanos(way)
        + recordNanos(walk, way, matching);
  }

  /** What asking the records of rows takes besides, if each says yes. */
  private static float recordNanos(FilteredWalk walk, Way way, long matching) {
    return walk.allowed().asksRecords() ? (float) (RECORD_NANOS * walk.records(way, matching)) : 0;
  }

  /** True if a walk that cannot be believed may be followed by comparing all rows that pass. */
  static boolean comparingIsBearable(FilteredWalk walk, Plan walked, long matching) {
    return nanos(walk, Plan.EXACT, matching) <= BEARABLE * nanos(walk, walked, matching);
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

  /**
   * The plan after one that was not sure of its result.
   *
   * @param width of a walk that drops what does not pass, already wider
   */
  static Plan next(FilteredWalk walk, Plan failed, long width, long matching) {
    if (failed == Plan.TRAVERSE || walk.fresh()) {
      return Plan.EXACT; // such a walk has met all it can reach
    }
    Plan otherwise = withoutDropping(walk, matching);
    return matching < 0 && droppingPays(walk, width, otherwise, matching)
        ? Plan.AT_RESULT
        : otherwise;
  }

  /**
   * The plan after one that found enough, but nearer rows until its end.
   *
   * @param walk already wider
   * @param width of a walk that drops what does not pass, already wider
   */
  static Plan wider(FilteredWalk walk, Plan restless, long width, long matching) {
    Plan otherwise = withoutDropping(walk, matching);
    return restless == Plan.AT_RESULT && droppingPays(walk, width, otherwise, matching)
        ? Plan.AT_RESULT
        : otherwise;
  }

  /** The plan, or the nearest to it that the segment and what is known of it allow. */
  static Plan possible(FilteredWalk walk, Plan plan, long width, long matching) {
    if (!walk.withinLimit()) {
      return Plan.EXACT;
    }
    if (plan == Plan.TRAVERSE && matching >= 0) {
      boolean some = walk.ef() < matching && walk.traversable();
      return some ? Plan.TRAVERSE : Plan.EXACT;
    }
    return plan != Plan.EXACT && walk.worthWalking(width) ? Plan.AT_RESULT : Plan.EXACT;
  }
}
