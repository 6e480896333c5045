package io.firn.bench.recall;

/**
 * One recall asked for, k = 10, one thread.
 *
 * @param asked recall
 * @param ef candidates that Firn chose
 * @param recall measured with queries that were not learned from
 * @param estimated recall as stats() tells
 * @param margin of the estimate, in 19 of 20 cases
 * @param qps searches a second
 * @param fixedEf the smallest fixed ef of the same or a higher measured recall
 * @param fixedQps searches a second with it
 */
public record RecallRow(
    String dataset,
    double asked,
    int ef,
    double recall,
    double estimated,
    double margin,
    double qps,
    int fixedEf,
    double fixedQps) {}
