package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.data.DataSetFile;
import io.firn.bench.engine.AnnEngine;
import io.firn.bench.engine.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Indexes of one set, built by child processes into a temporary folder, gone when closed. */
final class IndexFolder implements AutoCloseable {

  private final AnnPlan plan;
  private final DataSet set;
  private final Path folder;

  private IndexFolder(AnnPlan plan, DataSet set, Path folder) {
    this.plan = plan;
    this.set = set;
    this.folder = folder;
  }

  static IndexFolder create(AnnPlan plan, DataSet set) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(plan.work()), "ann");
    DataSetFile.write(set, folder.resolve("dataset.json"));
    return new IndexFolder(plan, set, folder);
  }

  Path path() {
    return folder;
  }

  /** Builds an engine's index. */
  Measured build(AnnEngine engine, Consumer<String> log) throws IOException, InterruptedException {
    ChildTask task = task(engine, plan.buildThreads(), List.of());
    Files.createDirectories(task.folder());
    log.accept("%s: building %s".formatted(engine.name(), new Parameters(task.parameters())));
    BuildResult build = plan.buildJvm().build(task, folder);
    log.accept("%s: built in %.1f s".formatted(engine.name(), build.seconds()));
    return new Measured(engine.name(), task.parameters(), build);
  }

  /** What a process that searches the engine's index is told. */
  ChildTask searchTask(AnnEngine engine) {
    return task(engine, plan.threads(), Sweep.knobs(plan.k(), set.baseCount()));
  }

  private ChildTask task(AnnEngine engine, int threads, List<Integer> knobs) {
    Parameters parameters =
        engine
            .defaults(set)
            .with(plan.parameters().getOrDefault(engine.name(), Map.of()), engine.name());
    return new ChildTask(
        engine.name(),
        parameters.values(),
        folder.resolve("dataset.json"),
        folder.resolve(engine.name()),
        threads,
        plan.k(),
        plan.queries(),
        knobs,
        plan.enough(),
        plan.deleteShare());
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
