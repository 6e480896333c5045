package io.firn.bench.load;

import org.HdrHistogram.Histogram;

/**
 * Searches, and what else the database did at the time.
 *
 * @param durability of the upserts
 * @param recall of the searches on the loaded set before writing began, at {@code ef}
 * @param alone searches while nothing else went on
 * @param search searches beside single durable upserts
 * @param upsert those upserts
 * @param merging searches of three segments while they were merged into one
 */
public record LoadRow(
    String dataset,
    String durability,
    double seconds,
    int ef,
    double recall,
    Latency alone,
    Latency search,
    Latency upsert,
    Latency merging) {

  /**
   * Latencies from the moment an operation should have started.
   *
   * @param perSecondAsked rate of arrival
   * @param perSecondDone operations that ended, by the time the last one took
   */
  public record Latency(
      double perSecondAsked,
      double perSecondDone,
      double p50Micros,
      double p99Micros,
      double p999Micros,
      double maxMicros) {

    static Latency of(double asked, double done, Histogram nanos) {
      return new Latency(
          asked,
          Math.round(done * 10) / 10.0,
          nanos.getValueAtPercentile(50) / 1e3,
          nanos.getValueAtPercentile(99) / 1e3,
          nanos.getValueAtPercentile(99.9) / 1e3,
          nanos.getMaxValue() / 1e3);
    }
  }
}
