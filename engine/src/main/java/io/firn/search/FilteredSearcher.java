package io.firn.search;

import io.firn.Explanation.SegmentPlan;
import io.firn.FirnException;
import io.firn.Plan;
import io.firn.Tier;
import io.firn.search.PlanCosts.Way;
import io.firn.search.Searcher.Found;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One search at a time over those rows of a view that are allowed. A walk is trusted only if the
 * rows it found lie well inside of what it looked at; else another follows, and in the end every
 * allowed row is compared. So exactly as many rows come back as there are, up to the number wanted,
 * however few they are and wherever they lie. For one thread.
 */
public final class FilteredSearcher {

  /** How much wider the next walk is: the walks before the last cost little beside it. */
  private static final int WIDER = 4;

  /**
   * More than without a filter: among 500 of 5,000 rows, far from the query, a traversal that went
   * on twice as long as it had to found .915 of the nearest with 64.
   */
  private static final int FIRST_EF = 128;

  /** What an attempt returns that did not find enough. */
  private static final int TOO_FEW = -1;

  /** What an attempt returns that found nearer rows until its end. */
  private static final int RESTLESS = -2;

  /** What an attempt returns if only comparing all rows that pass finds the nearest. */
  private static final int FAR = -3;

  /** More than without a filter: here at least .95 of the nearest are promised. */
  private static final int LEAST_CALM = 3;

  /** Fewer rows take no longer than what is around them: nothing can be learned from them. */
  private static final int ROWS_TO_LEARN_FROM = 128;

  private final WalkScratch scratch;
  private final NearestRows nearest;
  private final RowScan scan;
  private final Traversal traversal;
  private final Remoteness remoteness = new Remoteness();
  private final List<SegmentPlan> plans = new ArrayList<>();
  private int[] ordinals = new int[0];
  private float[] distances = new float[0];
  private long tested;
  private long hops;

  /** A searcher that shares the scratch of another. */
  FilteredSearcher(WalkScratch scratch, NearestRows nearest, RowScan scan) {
    this.scratch = scratch;
    this.nearest = nearest;
    this.scan = scan;
    this.traversal = new Traversal(scratch);
  }

  /** How each segment was searched last. */
  public List<SegmentPlan> plans() {
    return List.copyOf(plans);
  }

  /**
   * The {@code k} nearest live rows that are allowed, or all if there are fewer.
   *
   * @param effort of each walk, with at least {@code k} candidates
   * @param forced the plan to begin with, or null for the one that should be fastest
   */
  public Found search(
      CollectionView view,
      float[] query,
      int k,
      Effort effort,
      Allowed allowed,
      @Nullable Plan forced) {
    int wanted = (int) Math.min(k, view.liveRows());
    nearest.reset(wanted);
    plans.clear();
    float[] padded = view.layout().padded(query);
    try {
      for (SegmentView seen : view.segments()) {
        if (wanted > 0 && seen.rowCount() > 0) {
          Effort harder = effort.atLeast(FIRST_EF, LEAST_CALM);
          int ef = Math.max(wanted, harder.ef());
          searchSegment(new FilteredWalk(view, seen, padded, wanted, harder, ef, allowed), forced);
        }
      }
    } finally {
      scratch.unpin();
    }
    return Searcher.found(view, nearest);
  }

  private void searchSegment(FilteredWalk first, @Nullable Plan forced) {
    FilteredWalk walk = first;
    Tier tier = walk.segment().tier();
    long matching = walk.matching();
    long width = walk.width(matching);
    Plan begun = forced == null ? PlanChoice.first(walk, matching) : forced;
    Plan plan = PlanChoice.possible(walk, begun, width, matching);
    float expected = matching < 0 ? -1 : PlanChoice.nanos(walk, plan, matching);
    long startedAt = System.nanoTime();
    int repeated = 0;
    tested = 0;
    hops = 0;
    while (plan != Plan.EXACT) {
      int found = attempt(walk, plan, (int) width, matching);
      if (found >= 0) {
        break;
      }
      repeated++;
      width *= WIDER;
      if (found == FAR) {
        plan = Plan.EXACT;
      } else if (found == RESTLESS) {
        walk = walk.wider(WIDER);
        plan = forced == null ? PlanChoice.wider(walk, plan, width, matching) : plan;
      } else {
        plan = PlanChoice.next(walk, plan, width, matching);
      }
      plan = PlanChoice.possible(walk, plan, width, matching);
    }
    compareRest(walk, plan == Plan.EXACT ? 0 : walk.linked());
    int candidates = candidates(walk, plan, width);
    long nanos = System.nanoTime() - startedAt;
    int rows = walk.seen().rowCount();
    plans.add(
        new SegmentPlan(
            plan,
            tier,
            rows,
            matching,
            candidates,
            hops,
            tested,
            repeated,
            (long) expected,
            nanos));
  }

  private static int candidates(FilteredWalk walk, Plan plan, long width) {
    return switch (plan) {
      case EXACT -> 0;
      case TRAVERSE -> walk.ef();
      case AT_RESULT -> (int) width;
    };
  }

  /** Rows found and offered, if the plan is sure of them; else why not. */
  private int attempt(FilteredWalk walk, Plan plan, int width, long matching) {
    long startedAt = System.nanoTime();
    int units = plan == Plan.TRAVERSE ? walk.ef() : width;
    reserve(units);
    int found =
        plan == Plan.TRAVERSE
            ? traversal.search(walk, ordinals, distances)
            : walk.fresh() ? walkFresh(walk) : walkSealed(walk);
    if (plan == Plan.TRAVERSE) {
      tested += traversal.tested();
      hops += traversal.hops();
    }
    found = believed(walk, plan, matching, found);
    for (int i = 0; i < found; i++) {
      nearest.offer(distances[i], walk.segment().rowNumber(ordinals[i]));
    }
    if (!walk.allowed().asksRecords() && !walk.fresh()) {
      Way way = plan == Plan.TRAVERSE ? Way.TRAVERSE : Way.AT_RESULT;
      walk.view().costs().learn(way, units, System.nanoTime() - startedAt);
    }
    return found;
  }

  /** As many as were found, or why they are not believed to be the nearest. */
  private int believed(FilteredWalk walk, Plan plan, long matching, int found) {
    if (found >= 0 && walk.tooRestless(scratch.calm())) {
      return RESTLESS;
    }
    if (found <= 0 || walk.single()) {
      return found;
    }
    boolean bearable = PlanChoice.comparingIsBearable(walk, plan, matching);
    if ((bearable || walk.first()) && isFar(walk, found)) {
      return bearable ? FAR : RESTLESS;
    }
    return found;
  }

  private boolean isFar(FilteredWalk walk, int found) {
    int best = 0;
    for (int i = 1; i < Math.min(found, walk.wanted()); i++) { // in order by their heads only
      best = distances[i] < distances[best] ? i : best;
    }
    RowLayout layout = walk.view().layout();
    return remoteness.far(layout, walk.segment(), ordinals[best], distances[best]);
  }

  private void reserve(int candidates) {
    if (ordinals.length != candidates) { // the length says how many are wanted
      ordinals = new int[candidates];
      distances = new float[candidates];
    }
  }

  /** How many rows were found, or {@link #TOO_FEW} to be sure that they are the nearest. */
  private int walkFresh(FilteredWalk walk) {
    int linked = walk.linked();
    int count =
        walk.segment()
            .walk(
                scratch,
                walk.query(),
                walk.wanted(),
                walk.ef(),
                node -> {
                  tested++;
                  return walk.passes(node, linked);
                },
                ordinals,
                distances);
    return count >= Math.min(2L * walk.wanted(), walk.ef()) ? count : TOO_FEW;
  }

  /**
   * As {@link #walkFresh}. The last rows wanted must lie within the nearer two thirds of the
   * candidates, at whose outer end a walk misses some, unless the caller said how many it has.
   */
  private int walkSealed(FilteredWalk walk) {
    SealedSegment segment = (SealedSegment) walk.segment();
    int candidates = segment.candidates(scratch, walk.query(), ordinals, distances);
    hops += scratch.hops();
    int linked = walk.linked();
    int limit = SealedSegment.ranked(walk.wanted());
    int kept = 0;
    int rank = candidates;
    for (int i = 0; i < candidates && kept < limit; i++) {
      tested++;
      if (walk.passes(ordinals[i], linked)) {
        ordinals[kept++] = ordinals[i];
        rank = kept == walk.wanted() ? i + 1 : rank;
      }
    }
    boolean amid = walk.single() || 3L * rank <= 2L * candidates;
    if (candidates < 0 || kept < walk.wanted() || !amid) {
      return TOO_FEW;
    }
    scratch.calm(segment.calm(scratch, ordinals, walk.wanted()));
    segment.rank(scratch, walk.query(), walk.wanted(), kept, ordinals, distances);
    return kept;
  }

  private void compareRest(FilteredWalk walk, int from) {
    if (from > 0) {
      tested += scan.offer(walk.view(), walk.seen(), walk.query(), from, walk.allowed());
      return;
    }
    long startedAt = System.nanoTime();
    Way way = PlanChoice.way(walk, Plan.EXACT, walk.matching());
    long asked = way == Way.HEADS ? compareByHeads(walk) : -1;
    if (asked < 0) {
      way = Way.VECTORS;
      asked = scan.offer(walk.view(), walk.seen(), walk.query(), 0, walk.allowed());
    }
    tested += asked;
    if (asked >= ROWS_TO_LEARN_FROM && !walk.allowed().asksRecords()) {
      long units = walk.units(way, asked);
      walk.view().costs().learn(way, units, System.nanoTime() - startedAt);
    }
  }

  /** Rows asked, or -1 if the heads cannot be believed. */
  private long compareByHeads(FilteredWalk walk) {
    try {
      return scan.offerByHeads(walk, (SealedSegment) walk.segment(), scratch);
    } catch (FirnException.Corrupt _) {
      return -1; // records are derived: the vectors say whether more is damaged
    }
  }
}
