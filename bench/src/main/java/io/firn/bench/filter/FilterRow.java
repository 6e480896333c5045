package io.firn.bench.filter;

/**
 * One engine among the rows that a filter lets pass.
 *
 * @param share of the rows that pass, 0..1
 * @param matching rows that pass
 * @param engine name, and plan if forced
 * @param knob candidates at which it was measured: the fewest that reach the recall asked for
 * @param recall of the ten nearest
 * @param qps searches a second, one thread
 * @param plan that Firn chose for most queries, empty for others
 * @param estimatedMicros that Firn expected a search to take, the median
 * @param searchMicros that it took without evaluating the filter, the median
 */
public record FilterRow(
    String dataset,
    double share,
    int matching,
    String engine,
    int knob,
    double recall,
    double qps,
    String plan,
    double estimatedMicros,
    double searchMicros) {}
