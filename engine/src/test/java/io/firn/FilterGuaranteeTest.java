package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As many results as pass, and the right ones, whatever the filter lets through, wherever that lies
 * as seen from the query, however the rows are spread over segments, by whichever plan.
 */
class FilterGuaranteeTest {

  private static final int ROWS = Integer.getInteger("firn.test.rows", 5_000);

  private static final double LEAST_RECALL = 0.95;

  private static final int DIMENSION = 16;
  private static final int QUERIES = 20;
  private static final int K = 10;
  private static final double[] SELECTIVITIES = {
    1, 0.5, 0.1, 0.03, 0.01, 0.002, 0.0005, 0.00001, 0
  };

  @TempDir Path directory;

  private record Known(Row row, double distance) {}

  /** A query and all rows alive, nearest first. */
  private record Query(float[] vector, List<Known> nearest) {}

  /** A filter and the ids of the rows that pass. */
  private record Expected(Filter filter, BitSet ids) {

    Expected(List<Row> alive, Filter filter) {
      this(filter, new BitSet());
      alive.stream()
          .filter(row -> filter.matches(row.metadata()))
          .forEach(row -> ids.set((int) row.longId()));
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1} sealed segments, {2} deleted, seed {3}")
  @CsvSource({
    "COSINE, 0, 0, 1",
    "EUCLIDEAN, 0, 0.3, 2",
    "EUCLIDEAN, 1, 0, 3",
    "COSINE, 1, 0.3, 4",
    "DOT, 4, 0, 5",
    "EUCLIDEAN, 4, 0.5, 6",
  })
  void everySelectivityGivesAllThereIsUpToK(
      Metric metric, int segments, double deleted, long seed) {
    var random = new Random(seed);
    Options options = Options.DEFAULT.withSealRows(segments == 4 ? ROWS / 5 : 10_000_000);
    try (Database db = Firn.open(directory.resolve("db"), options)) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
      float[] centre = TestVectors.random(random, DIMENSION);
      List<Row> alive = fill(rows, random, centre, deleted);
      db.flush();
      if (segments == 1) {
        rows.optimize();
      }
      assertThat(rows.stats().sealedRows() > 0).isEqualTo(segments > 0);
      List<Query> queries = queries(metric, alive, random, centre);
      for (Filter filter : filters()) {
        check(rows, new Expected(alive, filter), queries, null, "no index, seed " + seed);
      }
      rows.index("near");
      rows.index("random");
      for (Filter filter : filters()) {
        var expected = new Expected(alive, filter);
        check(rows, expected, queries, null, "any plan, seed " + seed);
        for (Plan plan : Plan.values()) {
          check(rows, expected, queries, plan, plan + ", seed " + seed);
        }
      }
    }
  }

  /** Filters that have nothing to do with the query, that want what is near it, or what is far. */
  private static List<Filter> filters() {
    var filters = new ArrayList<Filter>();
    for (double selectivity : SELECTIVITIES) {
      filters.add(field("random").below(selectivity));
      filters.add(field("near").below(selectivity));
      filters.add(field("near").atLeast(1 - selectivity));
      filters.add(field("near").atLeast(0.5).and(field("random").below(selectivity)));
    }
    return filters;
  }

  /** Each row knows a random number, and how near the centre it is among all, both in 0..1. */
  private static List<Row> fill(Collection rows, Random random, float[] centre, double deleted) {
    var known = new ArrayList<Known>();
    for (Row row : TestVectors.clustered(random, ROWS, DIMENSION)) {
      known.add(new Known(row, Oracle.distance(rows.spec().metric(), centre, row.vector())));
    }
    known.sort(Comparator.comparingDouble(Known::distance));
    var described = new ArrayList<Row>();
    for (int i = 0; i < ROWS; i++) {
      Metadata metadata = Metadata.of("near", (double) i / ROWS, "random", random.nextDouble());
      described.add(Row.of(known.get(i).row().longId(), known.get(i).row().vector(), metadata));
    }
    java.util.Collections.shuffle(described, random);
    rows.upsertAll(described);
    var alive = new ArrayList<Row>();
    for (Row row : described) {
      if (random.nextDouble() >= deleted) {
        alive.add(row);
      }
    }
    var kept = new HashSet<>(alive);
    rows.database()
        .write(tx ->
            described.stream()
                .filter(row -> !kept.contains(row))
                .forEach(row -> tx.delete(rows, row.longId())));
    return alive;
  }

  private static List<Query> queries(
      Metric metric, List<Row> alive, Random random, float[] centre) {
    var queries = new ArrayList<Query>();
    for (int i = 0; i < QUERIES; i++) {
      float[] vector = TestVectors.random(random, DIMENSION);
      for (int d = 0; d < DIMENSION; d++) {
        vector[d] = centre[d] + 0.3f * vector[d];
      }
      List<Known> nearest =
          alive.stream()
              .map(row -> new Known(row, Oracle.distance(metric, vector, row.vector())))
              .sorted(Comparator.comparingDouble(Known::distance))
              .toList();
      queries.add(new Query(vector, nearest));
    }
    return queries;
  }

  private static void check(
      Collection rows, Expected expected, List<Query> queries, @Nullable Plan plan, String how) {
    Filter filter = expected.filter();
    String what = filter + ", " + how;
    int matching = expected.ids().cardinality();
    assertThat(rows.count(filter)).as(what).isEqualTo(matching);
    double found = 0;
    for (Query query : queries) {
      Search search = rows.search(query.vector()).k(K).where(filter);
      List<Hit> hits = (plan == null ? search : search.plan(plan)).run();
      assertThat(hits).as(what).hasSize(Math.min(K, matching));
      assertThat(hits).as(what).allMatch(hit -> expected.ids().get((int) hit.longId()));
      assertThat(hits).extracting(Hit::longId).as(what).doesNotHaveDuplicates();
      found += recall(hits, query, expected.ids());
    }
    assertThat(found / QUERIES).as(what).isGreaterThanOrEqualTo(LEAST_RECALL);
  }

  /** By distance, since equal ones tie. */
  private static double recall(List<Hit> hits, Query query, BitSet ids) {
    if (hits.isEmpty()) {
      return 1;
    }
    double last =
        query.nearest().stream()
            .filter(known -> ids.get((int) known.row().longId()))
            .skip(hits.size() - 1)
            .findFirst()
            .orElseThrow()
            .distance();
    double slack = 1e-5 * Math.max(1, Math.abs(last));
    return (double) hits.stream().filter(hit -> hit.distance() <= last + slack).count()
        / hits.size();
  }
}
