package io.firn.bench.measure;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison does, equal for all engines.
 *
 * @param buildThreads of each build
 * @param parameters by engine, where they differ from the defaults
 * @param heapMib largest heap of each process
 * @param work folder for indexes while they are needed
 * @param keep folder where indexes stay for the next run, or null
 */
public record AnnPlan(
    int k,
    SearchPlan search,
    int buildThreads,
    Map<String, Map<String, String>> parameters,
    int heapMib,
    Path work,
    @Nullable Path keep) {

  /** The processes that build; those with fewer threads than cores are shown no more cores. */
  ChildJvm buildJvm() {
    return jvm().withProcessors(buildThreads);
  }

  /** The processes that search. */
  ChildJvm jvm() {
    return ChildJvm.of(heapMib);
  }
}
