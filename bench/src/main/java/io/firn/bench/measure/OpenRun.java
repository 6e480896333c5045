package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Builds each engine's index and opens it in fresh processes, cold and warm. */
public final class OpenRun {

  private final AnnPlan plan;
  private final Consumer<String> log;

  /** {@code log} hears what is being done, a line each. */
  public OpenRun(AnnPlan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
  }

  /** Two rows an engine. */
  public List<OpenRow> run(DataSet set, List<AnnEngine> engines)
      throws IOException, InterruptedException {
    List<OpenRow> rows = new ArrayList<>();
    try (IndexFolder folder = IndexFolder.create(plan, set)) {
      for (AnnEngine engine : engines) {
        Measured built = folder.build(engine, log);
        ChildTask task = folder.searchTask(engine);
        PageCache.forget(task.folder());
        PageCache.forget(set.base()); // some engines read vectors from there
        rows.add(row(set, built, "cold", task, folder));
        rows.add(row(set, built, "warm", task, folder));
      }
    }
    return rows;
  }

  private OpenRow row(DataSet set, Measured built, String cache, ChildTask task, IndexFolder folder)
      throws IOException, InterruptedException {
    OpenResult opened = plan.jvm().open(task, folder.path());
    return new OpenRow(
        task.engine(),
        built.build().version(),
        built.config(),
        set.label(),
        set.baseCount(),
        set.dimension(),
        cache,
        opened.openMillis(),
        opened.answerMillis(),
        opened.heapBytes(),
        opened.residentBytes());
  }
}
