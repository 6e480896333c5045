package io.firn.bench;

import io.firn.bench.data.DataSet;
import io.firn.bench.measure.ChildJvm;
import io.firn.bench.measure.Machine;
import io.firn.bench.measure.MemoryRow;
import io.firn.bench.measure.MemoryRun;
import io.firn.bench.measure.SearchPlan;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench memory}: data larger than memory. */
@Command(
    name = "memory",
    description = "Serves queries within memory limits, set by a control group (needs root).",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class MemoryCommand implements Callable<Integer> {

  /** What a JVM and an engine need for themselves. */
  private static final long MIN_LIMIT_BYTES = 160L << 20;

  @Mixin private DataOptions data = new DataOptions();

  @Option(names = "--rows", description = "Of the synthetic set taken if no other is named.")
  private int rows = 400_000;

  @Option(names = "--dimension", description = "Of that set.")
  private int dimension = 384;

  @Mixin private EngineOptions engines = new EngineOptions();

  @Option(
      names = "--limits-mib",
      showDefaultValue = Visibility.NEVER,
      split = ",",
      description =
          "Memory of a serving process, page cache included; a half, a quarter and a tenth of the rows' float32 if left out, but 160 at least.")
  private List<Long> limitsMib = List.of();

  @Option(names = "--recall", description = "Recall that searches are to have.")
  private double recall = 0.95;

  @Option(names = "--queries", description = "Most of the set's own queries asked for recall.")
  private int queries = 5_000;

  @Option(
      names = "--knob",
      description = "Of every search, in place of the first that has the recall without a limit.")
  private @Nullable Integer knob;

  @Option(
      names = "--zipf",
      description = "Exponent of the second workload; the first has all queries alike.")
  private double zipf = 1;

  @Option(
      names = "--seconds",
      description = "Each workload runs so long before it is measured, and as long measured.")
  private int seconds = 20;

  @Mixin private OutOptions out = new OutOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Checks.range("--rows", rows, 1_000, 999_999_000);
    Checks.range("--dimension", dimension, 1, 10_000);
    Checks.range("--seconds", seconds, 1, 3_600);
    Checks.share("--recall", recall, 1);
    Checks.range("--queries", queries, 1, 1_000_000);
    if (knob != null) {
      Checks.range("--knob", knob, 1, 1_000_000);
    }
    Checks.share("--zipf", zipf, 4);
    limitsMib.forEach(
        limit -> Checks.range("--limits-mib", (int) Math.min(limit, 1 << 30), 64, 1 << 29));
    if (data.names.isEmpty() && data.base == null) {
      data.names.add("random-%dk-%d".formatted(rows / 1_000, dimension));
    }
    for (DataSet set : data.sets()) {
      out.err().printf("%s: %,d x %d%n", set.label(), set.baseCount(), set.dimension());
      List<MemoryRow> measured = run(set).run(set, engines.engines());
      out.write(
          "memory.jsonl",
          machine(measured),
          measured,
          all -> all.stream().map(MemoryRow::text).toList());
    }
    return 0;
  }

  private MemoryRun run(DataSet set) {
    Map<String, Double> workloads = new LinkedHashMap<>();
    workloads.put("uniform", 0.0);
    workloads.put("zipf", zipf);
    return new MemoryRun(
        engines.plan(SearchPlan.until(recall, queries)),
        recall,
        knob,
        limitsBytes(set),
        workloads,
        seconds,
        line -> out.err().println("  " + line));
  }

  private List<Long> limitsBytes(DataSet set) {
    if (!limitsMib.isEmpty()) {
      return limitsMib.stream().map(limit -> limit << 20).toList();
    }
    long floatBytes = (long) set.baseCount() * set.dimension() * Float.BYTES;
    return List.of(floatBytes / 2, floatBytes / 4, floatBytes / 10).stream()
        .map(limit -> Math.max(limit, MIN_LIMIT_BYTES))
        .distinct()
        .toList();
  }

  private static Machine machine(List<MemoryRow> rows) throws IOException {
    Map<String, String> versions = new TreeMap<>();
    rows.forEach(row -> versions.put(row.engine(), row.version()));
    List<String> flags = ChildJvm.of(0).flags();
    return Machine.here(flags.subList(1, flags.size()), versions); // the heap is half of each limit
  }
}
