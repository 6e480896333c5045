package io.firn.bench.measure;

import java.util.List;

/**
 * How built indexes are searched, equal for all engines.
 *
 * @param recalls at which rows are interpolated, ascending; at least one
 * @param threads that ask at once
 * @param queries asked at most
 * @param rounds how often all engines are searched in turn
 * @param deleteShare of rows deleted before searching, 0..0.5
 */
public record SearchPlan(
    List<Double> recalls, int threads, int queries, int rounds, double deleteShare) {

  /** One thread that goes on until a recall is reached, once. */
  public static SearchPlan until(double recall, int queries) {
    return new SearchPlan(List.of(recall), 1, queries, 1, 0);
  }

  /** A sweep goes on a little beyond the highest asked recall, to interpolate there. */
  double enough() {
    return Math.min(1, recalls.getLast() + 0.002);
  }
}
