package io.firn.search;

import io.firn.Metric;
import io.firn.index.RowSet;
import io.firn.search.PlanCosts.Way;

/**
 * The search of one segment for those of its rows that are allowed.
 *
 * @param query padded
 * @param wanted rows that are wanted in the end
 * @param effort of the whole search
 * @param ef candidates of this walk, at least {@code wanted}
 */
record FilteredWalk(
    CollectionView view,
    SegmentView seen,
    float[] query,
    int wanted,
    Effort effort,
    int ef,
    Allowed allowed) {

  /** Candidates for each result in a walk that drops what does not pass. */
  private static final int CANDIDATES_PER_RESULT = 3;

  /** The same where the caller says how many candidates: more of them are then his to ask for. */
  private static final int CANDIDATES_PER_RESULT_ASKED = 2;

  /** With more candidates than a quarter of the rows, comparing rows is faster, and exact. */
  private static final int ROWS_PER_CANDIDATE = 4;

  /** From so many rows for each result on, it may pay to compare heads first. */
  private static final int ROWS_PER_RESULT = 16;

  /** What a vector costs that is compared at last, by the cost of a head. */
  private static final int HEADS_PER_RANKED = 4;

  /** Rows that a traversal asks for each that it expands, about. */
  private static final int RECORDS_PER_HOP = 64;

  /** The same with more candidates. */
  FilteredWalk wider(int times) {
    int wider = (int) Math.min((long) times * ef, Integer.MAX_VALUE);
    return new FilteredWalk(view, seen, query, wanted, effort, wider, allowed);
  }

  /** True if a walk that was so calm is not to be believed. */
  boolean tooRestless(double calm) {
    return calm < effort.calm();
  }

  /** True if a walk is not to be repeated, however it goes. */
  boolean single() {
    return effort.calm() == 0;
  }

  /** True if no walk was repeated with more candidates yet. */
  boolean first() {
    return ef <= Math.max(wanted, effort.ef());
  }

  /** True if a walk may have so many candidates; rows are compared one by one else. */
  boolean withinLimit() {
    return effort.allows(ef);
  }

  Segment segment() {
    return seen.segment();
  }

  /** Rows that the graph knows. */
  int linked() {
    return Math.min(segment().linked(), seen.rowCount());
  }

  /** Allowed rows of the segment, dead ones among them, or -1 if unknown. */
  long matching() {
    RowSet rows = allowed.rows();
    int count = seen.rowCount();
    if (rows == null || count == 0) {
      return -1;
    }
    int members = rows.count(segment().rowNumber(0), segment().rowNumber(count - 1) + 1);
    return Math.min(count, members);
  }

  /** True if a node is known to the graph and its row alive and allowed. */
  boolean passes(int node, int linked) {
    return node < linked && passes(segment().rowNumber(node));
  }

  private boolean passes(int rowNumber) {
    return view.alive(rowNumber) && allowed.contains(rowNumber);
  }

  /**
   * Candidates of a walk that drops what does not pass, enough if filter and query have nothing to
   * do with one another. A fresh graph's walk keeps none but those that pass.
   */
  long width(long matching) {
    return fresh() ? ef : visits(matching);
  }

  /** Nodes that such a walk should come by. */
  long visits(long matching) {
    long each = single() ? CANDIDATES_PER_RESULT_ASKED : CANDIDATES_PER_RESULT;
    long results = fresh() ? ef : each * wanted;
    long passing = matching < 0 ? linked() : Math.max(1, matching);
    return Math.max(ef, results * linked() / Math.max(1, passing));
  }

  /** What a way to search has to do if it goes well; its cost is for each. */
  long units(Way way, long matching) {
    return switch (way) {
      case VECTORS -> compared(matching);
      case HEADS -> compared(matching) + (long) HEADS_PER_RANKED * SealedSegment.ranked(wanted);
      case TRAVERSE -> ef;
      case AT_RESULT -> visits(matching);
    };
  }

  /** Rows whose vectors or heads are compared if no graph is walked. */
  private long compared(long matching) {
    return matching < 0 ? seen.rowCount() : matching;
  }

  /**
   * Rows whose records are asked if each passes. Of rows in any order, the i-th is among the
   * nearest n so far with probability n / i.
   */
  double records(Way way, long matching) {
    double ranked = SealedSegment.ranked(wanted);
    return switch (way) {
      case VECTORS, HEADS -> ranked * (1 + Math.log(Math.max(1, compared(matching) / ranked)));
      case TRAVERSE -> (double) ef * RECORDS_PER_HOP;
      case AT_RESULT -> ranked;
    };
  }

  /** True if rows may be compared by their heads first, and are enough for that to pay. */
  boolean comparableByHeads(long matching) {
    return ef < Integer.MAX_VALUE
        && compared(matching) >= (long) ROWS_PER_RESULT * wanted
        && !fresh()
        && segment().worthWalking(0);
  }

  boolean fresh() {
    return segment() instanceof FreshSegment;
  }

  /**
   * True if a traversal may be trusted: not in a fresh graph, which has few links, and not under
   * DOT, where what is far from the query has no way to it that only grows nearer.
   */
  boolean traversable() {
    return !fresh() && view.spec().metric() != Metric.DOT && segment().worthWalking(0);
  }

  /** True if a walk of so many candidates looks at clearly fewer rows than there are. */
  boolean worthWalking(long width) {
    return width * ROWS_PER_CANDIDATE < linked() && segment().worthWalking((int) width);
  }
}
