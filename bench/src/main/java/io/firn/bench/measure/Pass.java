package io.firn.bench.measure;

import org.HdrHistogram.Histogram;

/**
 * All queries asked once, or one thread's part of them.
 *
 * @param nanos wall time
 * @param cpuNanos processor time of the searching threads
 * @param allocatedBytes on the searching threads
 * @param latencies nanoseconds a query
 */
record Pass(long nanos, long cpuNanos, long allocatedBytes, Histogram latencies) {

  double qps(int queries) {
    return queries * 1e9 / nanos;
  }

  double micros(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }
}
