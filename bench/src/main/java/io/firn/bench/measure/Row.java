package io.firn.bench.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a result: a sweep row has {@code knob}, a row at an asked recall has {@code
 * atRecall}.
 *
 * @param dataset name, with "(synthetic)" where it is
 * @param recall measured share of true neighbours; no row has a speed without it
 * @param qpsSpread (best pass - slowest pass) / best pass, over all rounds
 * @param cpuMicrosPerQuery processor time of the searching threads: with one thread and an idle
 *     machine about 1e6 / qps; far less means that others had the processor
 * @param buildCpuSeconds processor time of the build
 * @param buildThreads threads of the build
 * @param searchThreads threads that asked at once
 * @param deletedShare of rows deleted between build and search, if any
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Row(
    String engine,
    String version,
    Map<String, String> config,
    String dataset,
    String metric,
    int rows,
    int dimension,
    int k,
    int searchThreads,
    @Nullable Double deletedShare,
    @Nullable Integer knob,
    @Nullable Double atRecall,
    double recall,
    double qps,
    double qpsSpread,
    double p50Micros,
    double p99Micros,
    double p999Micros,
    double cpuMicrosPerQuery,
    double buildSeconds,
    double buildCpuSeconds,
    int buildThreads,
    long buildPeakBytes,
    BytesPerVector bytesPerVector,
    double openMillis,
    double allocatedBytesPerQuery) {

  /** Bytes of the index files, and of the searching process, for each row of the base. */
  public record BytesPerVector(double disk, double resident) {}

  public Row {
    if ((knob == null) == (atRecall == null)) {
      throw new IllegalArgumentException(
          "row must have either knob or atRecall but has %s and %s: it is a measured point or one between two. Set one."
              .formatted(knob, atRecall));
    }
    if (!(recall >= 0 && recall <= 1)) {
      throw new IllegalArgumentException(
          "recall must be 0..1 but is %s: a speed without recall says nothing. Measure recall first."
              .formatted(recall));
    }
  }
}
