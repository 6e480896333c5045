package io.firn.bench.filter;

import static io.firn.Field.field;

import io.firn.Collection;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Durability;
import io.firn.Explanation;
import io.firn.Explanation.SegmentPlan;
import io.firn.Filter;
import io.firn.Firn;
import io.firn.Hit;
import io.firn.Metadata;
import io.firn.Metric;
import io.firn.Options;
import io.firn.Plan;
import io.firn.Row;
import io.firn.Search;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Firn with declared indexes, by the plan it chooses or by one. */
final class FirnFiltered implements FilteredIndex {

  private static final int BATCH_ROWS = 10_000;

  private final Database db;
  private final Collection rows;
  private final @Nullable Plan plan;

  private FirnFiltered(Database db, @Nullable Plan plan) {
    this.db = db;
    this.rows = db.collection("rows");
    this.plan = plan;
  }

  /** Opens the index in a folder, building it if it is not there. */
  static FirnFiltered open(DataSet set, float[][] vectors, long[] numbers, Path folder)
      throws IOException {
    Options options = Options.DEFAULT.withDurability(Durability.interval(Duration.ofSeconds(10)));
    if (!Files.exists(folder)) {
      Path building = folder.resolveSibling(folder.getFileName() + ".new");
      try (Database db = Firn.open(building, options)) {
        build(db.collection("rows", spec(set)), vectors, numbers);
        db.flush();
      }
      Files.move(building, folder);
    }
    Database db = Firn.open(folder, options);
    return new FirnFiltered(db, null);
  }

  private static CollectionSpec spec(DataSet set) {
    return CollectionSpec.of(set.dimension(), Metric.valueOf(set.metric().name()));
  }

  private static void build(Collection rows, float[][] vectors, long[] numbers) {
    List.of("number", "shelf", "even").forEach(rows::index);
    List<Row> batch = new ArrayList<>(BATCH_ROWS);
    for (int id = 0; id < vectors.length; id++) {
      Metadata metadata =
          Metadata.of(
              "number", numbers[id], "shelf", "shelf " + numbers[id] % 100, "even", id % 2 == 0);
      batch.add(Row.of(id, vectors[id], metadata));
      if (batch.size() == BATCH_ROWS || id == vectors.length - 1) {
        rows.upsertAll(batch);
        batch.clear();
      }
    }
    rows.optimize();
  }

  /** The same index by one plan only. */
  FirnFiltered forced(Plan forced) {
    return new FirnFiltered(db, forced);
  }

  @Override
  public String name() {
    return plan == null ? "firn" : "firn " + plan;
  }

  private Search search(float[] query, int candidates, Filter filter) {
    Search search = rows.search(query).k(10).ef(candidates).where(filter);
    return plan == null ? search : search.plan(plan);
  }

  @Override
  public int[] search(float[] query, int candidates, long below) {
    List<Hit> hits = search(query, candidates, field("number").below(below)).run();
    return hits.stream().mapToInt(hit -> (int) hit.longId()).toArray();
  }

  /** By the largest segment of each search. */
  @Override
  public Planned planned(float[][] queries, int candidates, long below) {
    List<SegmentPlan> plans =
        Arrays.stream(queries)
            .map(query -> search(query, candidates, field("number").below(below)).explain())
            .map(Explanation::segments)
            .map(all -> Collections.max(all, Comparator.comparingInt(SegmentPlan::rows)))
            .toList();
    Plan most =
        Collections.max(
            List.of(Plan.values()),
            Comparator.comparingLong(
                plan -> plans.stream().filter(each -> each.plan() == plan).count()));
    return new Planned(
        most.name(),
        medianMicros(plans, SegmentPlan::estimatedNanos),
        medianMicros(plans, SegmentPlan::nanos));
  }

  private static double medianMicros(List<SegmentPlan> plans, ToLongFunction<SegmentPlan> nanos) {
    long[] sorted = plans.stream().mapToLong(nanos).sorted().toArray();
    return sorted[sorted.length / 2] / 1e3;
  }

  /** How a filter of three clauses is evaluated, one that was not asked before. */
  Explanation threeClauses(float[] query, int run) {
    Filter filter =
        Filter.all(
            field("number").between(100_000 + run, 700_000),
            field("shelf").in("shelf 1", "shelf 20", "shelf 77"),
            field("even").eq(true));
    return search(query, 10, filter).explain();
  }

  @Override
  public void close() {
    if (plan == null) {
      db.close();
    }
  }
}
