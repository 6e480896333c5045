package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.Engines;
import io.firn.bench.measure.AnnPlan;
import io.firn.bench.measure.SearchPlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** The options that say which engines are compared, and how they are built. */
final class EngineOptions {

  @Option(names = "--engines", split = ",", description = "Engines or families, in order.")
  private List<String> engines = List.of("firn", "jvector", "lucene", "hnswlib-java");

  @Option(names = "--k", description = "Neighbours asked for, 1..100.")
  private int k = 10;

  @Option(names = "--build-threads", description = "Building threads; 0 means all cores.")
  private int buildThreads;

  @Option(
      names = "--param",
      paramLabel = "ENGINE.NAME=VALUE",
      showDefaultValue = Visibility.NEVER,
      description = "A build parameter, such as firn.m=32. May be repeated.")
  private Map<String, String> parameters = new HashMap<>();

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Keeps the indexes in DIR, and takes those that are there instead of building.")
  private @Nullable Path keep;

  @Option(names = "--heap-mib", description = "Largest heap of each measuring process.")
  private int heapMib = 8_192;

  List<AnnEngine> engines() {
    return Engines.namedAll(engines);
  }

  /** True if the indexes stay for another run. */
  boolean isKeeping() {
    return keep != null;
  }

  /** The plan of these options and of how is searched, checked. */
  AnnPlan plan(SearchPlan search) {
    Checks.range("--k", k, 1, 100);
    Checks.range("--build-threads", buildThreads, 0, 1_024);
    Checks.range("--heap-mib", heapMib, 64, 1 << 20);
    int cores = Runtime.getRuntime().availableProcessors();
    return new AnnPlan(
        k,
        search,
        buildThreads == 0 ? cores : buildThreads,
        parametersByEngine(),
        heapMib,
        DataFolder.standard().root().resolve("work"),
        keep);
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
}
