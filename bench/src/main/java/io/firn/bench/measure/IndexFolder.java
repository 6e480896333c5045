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
import tools.jackson.databind.json.JsonMapper;

/**
 * Indexes of one set, built by child processes: in a temporary folder, gone when closed, or in one
 * that is kept with what building cost, so that a run that was cut short need not build again.
 */
final class IndexFolder implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What lies beside a kept index; it is used again only for the same. */
  private record Kept(String dataset, int rows, Map<String, String> parameters, BuildResult build) {
    boolean isOf(DataSet set, AnnEngine engine, Map<String, String> parameters) {
      return dataset.equals(set.label())
          && rows == set.baseCount()
          && this.parameters.equals(parameters)
          && release(build.version()).equals(release(engine.version()));
    }

    /** Without what it found in its process. */
    private static String release(String version) {
      return version.split(" ", 2)[0];
    }
  }

  private final AnnPlan plan;
  private final DataSet set;
  private final Path folder;

  private IndexFolder(AnnPlan plan, DataSet set, Path folder) {
    this.plan = plan;
    this.set = set;
    this.folder = folder;
  }

  static IndexFolder create(AnnPlan plan, DataSet set) throws IOException {
    Path keep = plan.keep();
    Path folder =
        keep == null
            ? Files.createTempDirectory(Files.createDirectories(plan.work()), "ann")
            : Files.createDirectories(keep.resolve(set.label().replaceAll("[^A-Za-z0-9.-]", "_")));
    DataSetFile.write(set, folder.resolve("dataset.json"));
    return new IndexFolder(plan, set, folder);
  }

  Path path() {
    return folder;
  }

  /** Builds an engine's index. */
  Measured build(AnnEngine engine, Consumer<String> log) throws IOException, InterruptedException {
    ChildTask task = task(engine, plan.buildThreads(), List.of());
    Path facts = folder.resolve(engine.name() + ".json");
    if (plan.keep() != null && Files.exists(facts)) {
      Kept kept = JSON.readValue(facts.toFile(), Kept.class);
      if (kept.isOf(set, engine, task.parameters())) {
        log.accept(
            "%s: taken from %s, built in %.1f s"
                .formatted(engine.name(), folder, kept.build().seconds()));
        return new Measured(engine.name(), task.parameters(), kept.build());
      }
    }
    delete(task.folder());
    Files.createDirectories(task.folder());
    log.accept("%s: building %s".formatted(engine.name(), new Parameters(task.parameters())));
    BuildResult build = plan.buildJvm().build(task, folder);
    log.accept("%s: built in %.1f s".formatted(engine.name(), build.seconds()));
    if (plan.keep() != null) {
      JSON.writeValue(
          facts.toFile(), new Kept(set.label(), set.baseCount(), task.parameters(), build));
    }
    return new Measured(engine.name(), task.parameters(), build);
  }

  /** What a process that searches the engine's index is told. */
  ChildTask searchTask(AnnEngine engine) {
    return task(engine, plan.search().threads(), Sweep.knobs(plan.k(), set.baseCount()));
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
        plan.search().queries(),
        knobs,
        plan.search().enough(),
        plan.search().deleteShare());
  }

  @Override
  public void close() throws IOException {
    if (plan.keep() == null) {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
