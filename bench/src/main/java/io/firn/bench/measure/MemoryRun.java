package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves one set by each engine within ever less memory. An index is built without a limit; then
 * each process that serves it begins with nothing of it in the page cache, so that all it reads
 * counts within its limit.
 *
 * @param recall that each engine's searches are to have; the knob for it is found without a limit
 * @param knob of all searches, or null to find it
 * @param limitsBytes of the serving processes, one after the other
 * @param workloads by name the exponent by which some queries come more often
 * @param seconds each workload runs before it is measured, and is measured
 */
public record MemoryRun(
    AnnPlan plan,
    double recall,
    @Nullable Integer knob,
    List<Long> limitsBytes,
    Map<String, Double> workloads,
    int seconds,
    Consumer<String> log) {

  /** Rows of all engines and limits. */
  public List<MemoryRow> run(DataSet set, List<AnnEngine> engines)
      throws IOException, InterruptedException {
    List<MemoryRow> rows = new ArrayList<>();
    try (IndexFolder folder = IndexFolder.create(plan, set)) {
      for (AnnEngine engine : engines) {
        BuildResult build = folder.build(engine, log).build();
        ChildTask task = folder.searchTask(engine);
        int chosen = knob == null ? knob(task, folder.path()) : knob;
        for (Long limit : limitsBytes) {
          log.accept("%s: serving within %,d MiB".formatted(engine.name(), limit >> 20));
          MemoryResult served =
              serve(new MemoryTask(task, chosen, workloads, seconds), folder, set.base(), limit);
          if (served != null) {
            rows.addAll(rows(set, build, task.engine(), chosen, limit, served));
          }
        }
      }
    }
    return rows;
  }

  /** The first knob that reaches the recall; the last one if none does. */
  private int knob(ChildTask task, Path work) throws IOException, InterruptedException {
    List<SweepPoint> points = plan.jvm().search(task, work).points();
    SweepPoint chosen =
        points.stream()
            .filter(point -> point.recall() >= recall)
            .findFirst()
            .orElse(points.getLast());
    log.accept(
        "%s: knob %d, recall %.4f, %,.0f QPS without a limit"
            .formatted(task.engine(), chosen.knob(), chosen.recall(), chosen.qps()));
    return chosen.knob();
  }

  /** What a process within the limit gave, or null if it could not run there: that is a result. */
  private @Nullable MemoryResult serve(
      MemoryTask task, IndexFolder folder, Path base, long limitBytes)
      throws IOException, InterruptedException {
    PageCache.forget(task.index().folder());
    PageCache.forget(base); // some engines read vectors from there
    try {
      int heapMib = (int) Math.min(plan.heapMib(), limitBytes >> 21); // the rest for mapped files
      return ChildJvm.of(heapMib).within(limitBytes).serve(task, folder.path());
    } catch (IOException e) {
      log.accept("%s does not run: %s".formatted(task.index().engine(), e.getMessage()));
      return null;
    } finally {
      MemoryGroup.remove();
    }
  }

  private static List<MemoryRow> rows(
      DataSet set,
      BuildResult build,
      String engine,
      int knob,
      long limitBytes,
      MemoryResult served) {
    double floatBytes = (double) set.baseCount() * set.dimension() * Float.BYTES;
    return served.phases().stream()
        .map(phase ->
            new MemoryRow(
                engine,
                build.version(),
                set.label(),
                set.baseCount(),
                set.dimension(),
                build.diskBytes(),
                limitBytes,
                limitBytes / floatBytes,
                phase.workload(),
                knob,
                served.recall(),
                phase.queries(),
                phase.qps(),
                phase.p50Micros(),
                phase.p99Micros(),
                phase.cpuMicros(),
                phase.readBytes() / 1024,
                phase.waits(),
                served.openMillis()))
        .toList();
  }
}
