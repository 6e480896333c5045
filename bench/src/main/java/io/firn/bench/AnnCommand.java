package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.Engines;
import io.firn.bench.measure.AnnPlan;
import io.firn.bench.measure.AnnRun;
import io.firn.bench.measure.ChildJvm;
import io.firn.bench.measure.Machine;
import io.firn.bench.measure.ResultTable;
import io.firn.bench.measure.Row;
import io.firn.bench.measure.RowFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench ann}: recall, speed, latency, build, bytes and open time, engine by engine. */
@Command(
    name = "ann",
    description = "Compares engines: recall, speed, latency, build, bytes, open time.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    showDefaultValues = true)
final class AnnCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Option(names = "--engines", split = ",", description = "Engines or families, in order.")
  private List<String> engines = List.of("firn", "jvector", "lucene", "hnswlib-java");

  @Option(names = "--k", description = "Neighbours asked for, 1..100.")
  private int k = 10;

  @Option(names = "--recalls", split = ",", description = "Recalls at which rows are given.")
  private List<Double> recalls = List.of(0.90, 0.95, 0.99);

  @Option(names = "--threads", description = "Searching threads.")
  private int threads = 1;

  @Option(names = "--build-threads", description = "Building threads; 0 means all cores.")
  private int buildThreads;

  @Option(names = "--queries", description = "Most queries asked.")
  private int queries = 5_000;

  @Option(names = "--rounds", description = "How often all engines are searched in turn.")
  private int rounds = 1;

  @Option(names = "--delete", description = "Share of rows deleted before searching, 0..0.5.")
  private double deleteShare;

  @Option(
      names = "--param",
      paramLabel = "ENGINE.NAME=VALUE",
      description = "A build parameter, such as firn.m=32. May be repeated.")
  private Map<String, String> parameters = new HashMap<>();

  @Option(names = "--heap-mib", description = "Largest heap of each measuring process.")
  private int heapMib = 8_192;

  @Option(names = "--memory-limit-mib", description = "Memory of a searching process, by cgroup.")
  private @Nullable Long memoryLimitMib;

  @Option(names = "--json", description = "Print rows as JSON lines instead of a table.")
  private boolean json;

  @Option(names = "--out", description = "Folder whose ann.jsonl gets the rows appended.")
  private @Nullable Path out;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter print = spec.commandLine().getOut();
    PrintWriter log = spec.commandLine().getErr();
    List<AnnEngine> chosen = Engines.namedAll(engines);
    AnnPlan plan = plan();
    for (DataSet set : data.sets()) {
      log.printf("%s: %,d x %d%n", set.label(), set.baseCount(), set.dimension());
      List<Row> rows = new AnnRun(plan, line -> log.println("  " + line)).run(set, chosen);
      if (out != null) {
        RowFile.append(out.resolve("ann.jsonl"), machine(plan, rows), rows);
      }
      if (json) {
        rows.forEach(row -> print.println(RowFile.line(row)));
      } else {
        print.print(ResultTable.of(rows, plan.recalls()));
      }
      print.flush();
    }
    return 0;
  }

  private AnnPlan plan() {
    Checks.range("--k", k, 1, 100);
    Checks.range("--threads", threads, 1, 1_024);
    Checks.range("--rounds", rounds, 1, 100);
    Checks.range("--queries", queries, 1, 1_000_000);
    recalls.forEach(recall -> Checks.share("--recalls", recall, 1));
    Checks.share("--delete", deleteShare, 0.5);
    int cores = Runtime.getRuntime().availableProcessors();
    return new AnnPlan(
        k,
        recalls.stream().sorted().toList(),
        threads,
        buildThreads == 0 ? cores : buildThreads,
        queries,
        rounds,
        deleteShare,
        parametersByEngine(),
        new ChildJvm(heapMib, memoryLimitMib == null ? null : memoryLimitMib << 20),
        DataFolder.standard().root().resolve("work"));
  }

  private Map<String, Map<String, String>> parametersByEngine() {
    Map<String, Map<String, String>> byEngine = new HashMap<>();
    parameters.forEach((name, value) -> {
      int dot = name.indexOf('.');
      if (dot < 0) {
        throw new IllegalArgumentException(
            "--param must be ENGINE.NAME=VALUE but is %s=%s: it belongs to one engine. Write firn.m=32."
                .formatted(name, value));
      }
      byEngine
          .computeIfAbsent(name.substring(0, dot), _ -> new TreeMap<>())
          .put(name.substring(dot + 1), value);
    });
    return byEngine;
  }

  private static Machine machine(AnnPlan plan, List<Row> rows) throws IOException {
    Map<String, String> versions = new TreeMap<>();
    rows.forEach(row -> versions.put(row.engine(), row.version()));
    return Machine.here(plan.jvm().flags(), versions);
  }
}
