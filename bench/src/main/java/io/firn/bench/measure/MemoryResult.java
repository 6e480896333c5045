package io.firn.bench.measure;

import java.util.List;

/**
 * What serving gave.
 *
 * @param recall of the set's own queries, asked last
 */
record MemoryResult(double openMillis, double recall, List<Phase> phases) {

  /**
   * One workload, or the first queries of all.
   *
   * @param queries asked by one thread, one after the other
   * @param readBytes that the process had read from the device meanwhile
   * @param waits page faults that had to wait for the device
   */
  record Phase(
      String workload,
      int queries,
      double qps,
      double p50Micros,
      double p99Micros,
      double cpuMicros,
      double readBytes,
      double waits) {}
}
