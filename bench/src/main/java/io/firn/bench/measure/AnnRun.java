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
    List<Row> rows = new ArrayList<>();
    try (IndexFolder folder = IndexFolder.create(plan, set)) {
      Map<AnnEngine, Measured> built = new LinkedHashMap<>();
      for (AnnEngine engine : engines) {
        built.put(engine, folder.build(engine, log));
      }
      for (ChildJvm jvm : plan.searchJvms()) {
        RowFacts facts = RowFacts.of(set, plan, jvm.memoryLimitBytes());
        for (Measured measured : search(folder, jvm, built)) {
          rows.addAll(measured.rows(facts, plan.recalls()));
        }
      }
      if (external != null) {
        log.accept("%s: building and searching".formatted(external));
        Measured measured = new ExternalEngine(external, plan).run(set, folder.path());
        rows.addAll(measured.rows(RowFacts.of(set, plan, null), plan.recalls()));
      }
    }
    return rows;
  }

  private List<Measured> search(IndexFolder folder, ChildJvm jvm, Map<AnnEngine, Measured> built)
      throws IOException, InterruptedException {
    Map<AnnEngine, Measured> measured = new LinkedHashMap<>();
    built.forEach((engine, build) -> measured.put(engine, build.fresh()));
    for (int round = 1; round <= plan.rounds(); round++) {
      for (Map.Entry<AnnEngine, Measured> one : measured.entrySet()) {
        String limit =
            jvm.memoryLimitBytes() == null
                ? ""
                : " within %,d MiB".formatted(jvm.memoryLimitBytes() >> 20);
        log.accept("%s: searching%s, round %d".formatted(one.getKey().name(), limit, round));
        try {
          one.getValue().add(jvm.search(folder.searchTask(one.getKey()), folder.path()));
        } catch (IOException e) {
          if (jvm.memoryLimitBytes() == null) {
            throw e;
          }
          log.accept("%s does not run%s".formatted(one.getKey().name(), limit)); // that is a result
        } finally {
          MemoryGroup.remove();
        }
      }
    }
    return measured.values().stream().filter(Measured::isSearched).toList();
  }
}
