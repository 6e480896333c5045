package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.bench.engine.AnnEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Compares engines on one set: each builds once, then all are searched in turn, round by round. */
public final class AnnRun {

  private final AnnPlan plan;
  private final Consumer<String> log;

  /** {@code log} hears what is being done, a line each. */
  public AnnRun(AnnPlan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
  }

  /**
   * Rows of all engines, in their order.
   *
   * @param external a program that measures by {@link ExternalEngine}'s protocol, or null
   */
  public List<Row> run(DataSet set, List<AnnEngine> engines, @Nullable Path external)
      throws IOException, InterruptedException {
    ChildWork.answers(
        set,
        plan.search().queries(),
        plan.search().deleteShare(),
        plan.k()); // before hours of work
    List<Row> rows = new ArrayList<>();
    RowFacts facts = RowFacts.of(set, plan);
    try (IndexFolder folder = IndexFolder.create(plan, set)) {
      Map<AnnEngine, Measured> all = new LinkedHashMap<>();
      for (AnnEngine engine : engines) {
        all.put(engine, folder.build(engine, log));
      }
      for (int round = 1; round <= plan.search().rounds(); round++) {
        search(folder, all, round);
      }
      for (Measured measured : all.values()) {
        rows.addAll(measured.rows(facts, plan.search().recalls()));
      }
      if (external != null) {
        log.accept("%s: building and searching".formatted(external));
        Measured measured = new ExternalEngine(external, plan).run(set, folder.path());
        rows.addAll(measured.rows(facts, plan.search().recalls()));
      }
    }
    return rows;
  }

  private void search(IndexFolder folder, Map<AnnEngine, Measured> all, int round)
      throws IOException, InterruptedException {
    for (Map.Entry<AnnEngine, Measured> one : all.entrySet()) {
      log.accept("%s: searching, round %d".formatted(one.getKey().name(), round));
      one.getValue().add(plan.jvm().search(folder.searchTask(one.getKey()), folder.path()));
    }
  }
}
