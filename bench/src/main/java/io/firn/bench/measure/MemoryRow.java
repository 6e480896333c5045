package io.firn.bench.measure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One engine under one workload within one memory limit; k = 10 unless said otherwise, one thread.
 *
 * @param memoryLimitBytes of the process and the page cache that it fills; null for no limit
 * @param limitShare of the bytes that the rows have as float32
 * @param workload {@code first}: the first queries after opening, with nothing in the page cache
 * @param knob of the searches, the first that reaches the asked recall without a limit
 * @param recall of the set's own queries in the same process
 * @param cpuMicros processor time a query
 * @param readKib from the device for each query
 * @param waits for the device in page faults, for each query
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MemoryRow(
    String engine,
    String version,
    String dataset,
    int rows,
    int dimension,
    long diskBytes,
    @Nullable Long memoryLimitBytes,
    @Nullable Double limitShare,
    String workload,
    int knob,
    double recall,
    int queries,
    double qps,
    double p50Micros,
    double p99Micros,
    double cpuMicros,
    double readKib,
    double waits,
    double openMillis) {

  /** As a line of a table. */
  public String text() {
    String limit =
        memoryLimitBytes == null
            ? "none"
            : "%,d MiB".formatted(memoryLimitBytes >> 20)
                + String.format(Locale.ROOT, " (%.2f)", limitShare);
    return String.format(
        Locale.ROOT,
        "%-13s %-16s %-8s recall %.4f knob %3d: %,9.0f QPS, p50 %,8.0f us, p99 %,9.0f us, CPU %,6.0f us, %,8.1f KiB and %6.2f waits a query",
        engine,
        limit,
        workload,
        recall,
        knob,
        qps,
        p50Micros,
        p99Micros,
        cpuMicros,
        readKib,
        waits);
  }
}
