package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.data.DataSetFile;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Compares engines on one set: each builds once, then all are searched in turn, round by round. */
public final class AnnRun {

  private final AnnPlan plan;
  private final Consumer<String> log;

  /** {@code log} hears what is being done, a line each. */
  public AnnRun(AnnPlan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
  }

  /** Rows of all engines, in their order. */
  public List<Row> run(DataSet set, List<AnnEngine> engines)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Files.createDirectories(plan.work()), "ann");
    try {
      Path description = folder.resolve("dataset.json");
      DataSetFile.write(set, description);
      Map<AnnEngine, Measured> measured = new LinkedHashMap<>();
      for (AnnEngine engine : engines) {
        measured.put(engine, build(set, engine, description, folder));
      }
      for (int round = 1; round <= plan.rounds(); round++) {
        for (AnnEngine engine : engines) {
          log.accept("%s: searching, round %d".formatted(engine.name(), round));
          ChildTask task = task(set, engine, description, folder, true);
          at(measured, engine).add(plan.jvm().search(task, folder));
        }
      }
      RowFacts facts = RowFacts.of(set, plan);
      List<Row> rows = new ArrayList<>();
      measured.values().forEach(one -> rows.addAll(one.rows(facts, plan.recalls())));
      return rows;
    } finally {
      deleteTree(folder);
      MemoryGroup.remove();
    }
  }

  private static Measured at(Map<AnnEngine, Measured> measured, AnnEngine engine) {
    Measured one = measured.get(engine);
    if (one == null) {
      throw new IllegalStateException("an engine is searched only after it was built");
    }
    return one;
  }

  private Measured build(DataSet set, AnnEngine engine, Path description, Path folder)
      throws IOException, InterruptedException {
    ChildTask task = task(set, engine, description, folder, false);
    Files.createDirectories(task.folder());
    log.accept("%s: building %s".formatted(engine.name(), new Parameters(task.parameters())));
    BuildResult build = new ChildJvm(plan.jvm().heapMib(), null).build(task, folder);
    log.accept("%s: built in %.1f s".formatted(engine.name(), build.seconds()));
    return new Measured(engine.name(), task.parameters(), build);
  }

  private ChildTask task(
      DataSet set, AnnEngine engine, Path description, Path folder, boolean search) {
    Parameters parameters =
        engine
            .defaults(set)
            .with(plan.parameters().getOrDefault(engine.name(), Map.of()), engine.name());
    return new ChildTask(
        engine.name(),
        parameters.values(),
        description,
        folder.resolve(engine.name()),
        search ? plan.threads() : plan.buildThreads(),
        plan.k(),
        plan.queries(),
        search ? Sweep.knobs(plan.k(), set.baseCount()) : List.of(),
        plan.enough(),
        plan.deleteShare());
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
