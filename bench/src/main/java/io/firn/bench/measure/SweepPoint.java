package io.firn.bench.measure;

/**
 * What one setting of an engine's knob gives.
 *
 * @param recall share of true neighbours found, 0..1
 * @param qps queries a second of the best pass, all threads together
 * @param slowestQps of the slowest pass; the difference is the spread
 * @param p50Micros median time of a query in the best pass
 * @param cpuMicrosPerQuery processor time of the searching threads in their best pass, hardly
 *     touched by what else the machine does
 * @param allocatedBytesPerQuery on the searching threads
 */
public record SweepPoint(
    int knob,
    double recall,
    double qps,
    double slowestQps,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double cpuMicrosPerQuery,
    double allocatedBytesPerQuery) {

  public SweepPoint {
    if (!(recall >= 0 && recall <= 1)) {
      throw new IllegalArgumentException(
          "recall must be 0..1 but is %s: a speed without recall says nothing. Measure recall first."
              .formatted(recall));
    }
  }

  /** The better of two measurements of one knob; the slowest pass of both is kept. */
  public SweepPoint best(SweepPoint other) {
    SweepPoint faster = qps >= other.qps ? this : other;
    return new SweepPoint(
        knob,
        Math.min(recall, other.recall),
        faster.qps,
        Math.min(slowestQps, other.slowestQps),
        faster.p50Micros,
        faster.p99Micros,
        faster.p999Micros,
        Math.min(cpuMicrosPerQuery, other.cpuMicrosPerQuery),
        faster.allocatedBytesPerQuery);
  }
}
