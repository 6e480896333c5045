package io.firn;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a search was run.
 *
 * @param hits how many it found
 * @param segments how each segment was searched, in the order of its rows
 * @param matchingRows rows that indexes say pass, dead ones among them; -1 if no index could say
 * @param filterNanos spent on indexes
 * @param searchNanos spent on graphs and vectors, and on records that the filter had to ask
 * @param filterBytes heap taken by the set of matching rows
 * @param unindexed what of the filter was asked of each row's record, or null if nothing
 */
public record Explanation(
    int hits,
    List<SegmentPlan> segments,
    long matchingRows,
    long filterNanos,
    long searchNanos,
    long filterBytes,
    @Nullable Filter unindexed) {

  /**
   * The search of one segment.
   *
   * @param plan that delivered its rows; of a search that nothing limits EXACT or AT_RESULT, which
   *     drops nothing then
   * @param tier where the segment lay when the search came to it
   * @param rows in the segment
   * @param matching rows of them that pass, as estimated; -1 if unknown
   * @param candidates width of the last walk, 0 for {@link Plan#EXACT}
   * @param hops rows whose links were followed; 0 if the rows are in memory and dropped at the
   *     result
   * @param tested rows asked whether they pass; where that takes their records, the rows whose
   *     records were read; 0 if nothing limited the search
   * @param repeated walks that found too little and were repeated wider or given up
   * @param estimatedNanos what the first plan was expected to take, from what searches of the
   *     collection took so far; -1 if it was not known how many rows pass, or there was no choice
   * @param nanos what the search of the segment took
   */
  public record SegmentPlan(
      Plan plan,
      Tier tier,
      int rows,
      long matching,
      int candidates,
      long hops,
      long tested,
      int repeated,
      long estimatedNanos,
      long nanos) {}
}
