package io.firn.search;

import io.firn.FirnException;
import io.firn.hnsw.TwoHopSearcher;
import io.firn.index.RowSet;
import java.util.function.IntPredicate;

/**
 * Walks over the rows of a sealed segment that pass, through one that does not if need be, from
 * some that are spread over all of them. Reusable scratch; for one thread.
 */
final class Traversal {

  /**
   * Where fewer than one row in so many passes, those that do hang together too loosely: one in 33
   * found 0.938 of the ten nearest, where one in ten found 0.95 and more.
   */
  static final int SPARSEST = 20;

  /**
   * Compared with the query before the walk begins: with 64, far queries over 100,000 rows of which
   * one in ten passed found .47 of the nearest.
   */
  private static final int SEEDS = 512;

  private final WalkScratch scratch;
  private final TwoHopSearcher twoHop = new TwoHopSearcher();
  private final int[] seeds = new int[SEEDS];
  private long tested;
  private long passed;

  Traversal(WalkScratch scratch) {
    this.scratch = scratch;
  }

  /**
   * Finds rows that pass.
   *
   * @param ordinals receives them, nearest first by their heads; at least {@code ef} elements
   * @param distances receives the exact ones of those that may be among the nearest, infinity for
   *     others
   * @return how many, or -1 if it cannot be sure that they are the nearest
   */
  int search(FilteredWalk walk, int[] ordinals, float[] distances) {
    tested = 0;
    passed = 0;
    int linked = walk.linked();
    IntPredicate accept =
        node -> {
          boolean passes = walk.passes(node, linked);
          tested++;
          passed += passes ? 1 : 0;
          return passes;
        };
    int count = search(walk, chooseSeeds(walk, linked), accept, ordinals, distances);
    boolean enough = count >= Math.min(2L * walk.wanted(), walk.ef());
    return enough && passed * SPARSEST >= tested ? rank(walk, count, ordinals, distances) : -1;
  }

  /** Brings in exact distances, as far as they are needed. */
  private int rank(FilteredWalk walk, int count, int[] ordinals, float[] distances) {
    int ranked = Math.min(count, SealedSegment.ranked(walk.wanted()));
    int wanted = Math.min(walk.wanted(), ranked);
    scratch.calm(twoHop.calm(ordinals, wanted));
    sealed(walk).rank(scratch, walk.query(), wanted, ranked, ordinals, distances);
    return ranked;
  }

  private static SealedSegment sealed(FilteredWalk walk) {
    return (SealedSegment) walk.segment();
  }

  private int search(
      FilteredWalk walk, int seedCount, IntPredicate accept, int[] ordinals, float[] distances) {
    try {
      return twoHop.search(
          sealed(walk).links(scratch),
          sealed(walk).heads(scratch, walk.query()),
          seeds,
          seedCount,
          walk.ef(),
          accept,
          ordinals,
          distances);
    } catch (FirnException.Corrupt _) {
      return -1; // records are derived: the vectors say whether more is damaged
    }
  }

  /** Rows that pass, spread evenly over the segment. */
  private int chooseSeeds(FilteredWalk walk, int linked) {
    Segment segment = walk.segment();
    RowSet rows = walk.allowed().rows();
    int first = segment.rowNumber(0);
    long span = segment.rowNumber(linked - 1) - (long) first + 1;
    int count = 0;
    for (int i = 0; i < SEEDS && rows != null; i++) {
      int rowNumber = rows.next((int) (first + span * i / SEEDS));
      int ordinal = rowNumber < 0 ? -1 : segment.ordinalOf(rowNumber);
      if (ordinal >= 0 && walk.passes(ordinal, linked)) {
        seeds[count++] = ordinal;
      }
    }
    return count;
  }

  /** Rows that the last search asked whether they pass. */
  long tested() {
    return tested;
  }

  /** Rows whose links the last search followed. */
  int hops() {
    return twoHop.hops();
  }
}
