package io.firn.bench.measure;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison does, equal for all engines.
 *
 * @param recalls at which rows are interpolated, ascending
 * @param rounds how often all engines are searched in turn
 * @param parameters by engine, where they differ from the defaults
 * @param heapMib largest heap of each process
 * @param memoryLimitsBytes at which searches are repeated, by control group; empty for no limit
 * @param work folder for indexes while they are needed
 * @param keep folder where indexes stay for the next run, or null
 */
public record AnnPlan(
    int k,
    List<Double> recalls,
    int threads,
    int buildThreads,
    int queries,
    int rounds,
    double deleteShare,
    Map<String, Map<String, String>> parameters,
    int heapMib,
    List<Long> memoryLimitsBytes,
    Path work,
    @Nullable Path keep) {

  /** A sweep goes on a little beyond the highest asked recall, to interpolate there. */
  double enough() {
    return Math.min(1, recalls.getLast() + 0.002);
  }

  /** The process that builds. */
  ChildJvm buildJvm() {
    return new ChildJvm(heapMib, null);
  }

  /** The processes that search, one for each limit; half of a limit is left to mapped files. */
  List<ChildJvm> searchJvms() {
    if (memoryLimitsBytes.isEmpty()) {
      return List.of(buildJvm());
    }
    return memoryLimitsBytes.stream()
        .map(limit -> new ChildJvm((int) Math.min(heapMib, limit >> 21), limit))
        .toList();
  }
}
