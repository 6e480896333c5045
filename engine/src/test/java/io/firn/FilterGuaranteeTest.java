package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * As many results as pass, and the right ones, whatever the filter lets through, wherever that lies
 * as seen from the query, however the rows are spread over segments.
 */
class FilterGuaranteeTest {

  private static final int ROWS = 5_000;
  private static final int DIMENSION = 16;
  private static final int QUERIES = 6;
  private static final int K = 10;
  private static final double[] SELECTIVITIES = {1, 0.5, 0.1, 0.03, 0.01, 0.002, 0.0005, 0};

  @TempDir Path directory;

  private record Known(Row row, double toCentre) {}

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
    Options options = Options.DEFAULT.withSealRows(segments == 4 ? 1_000 : 100_000);
    try (Database db = Firn.open(directory.resolve("db"), options)) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
      float[] centre = TestVectors.random(random, DIMENSION);
      List<Row> alive = fill(rows, random, centre, deleted);
      db.flush();
      if (segments == 1) {
        rows.optimize();
      }
      assertThat(rows.stats().sealedRows() > 0).isEqualTo(segments > 0);
      for (String how : List.of("random", "near", "far")) {
        for (double selectivity : SELECTIVITIES) {
          Filter filter =
              how.equals("far")
                  ? field("near").atLeast(1 - selectivity)
                  : field(how).below(selectivity);
          check(rows, alive, random, centre, filter, how + " " + selectivity + ", seed " + seed);
        }
      }
    }
  }

  /** Each row knows a random number, and how near the centre it is among all, both in 0..1. */
  private static List<Row> fill(Collection rows, Random random, float[] centre, double deleted) {
    var known = new ArrayList<Known>();
    for (Row row : TestVectors.clustered(random, ROWS, DIMENSION)) {
      known.add(new Known(row, Oracle.distance(rows.spec().metric(), centre, row.vector())));
    }
    known.sort(Comparator.comparingDouble(Known::toCentre));
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

  private static void check(
      Collection rows, List<Row> alive, Random random, float[] centre, Filter filter, String what) {
    List<Row> matching = alive.stream().filter(row -> filter.matches(row.metadata())).toList();
    assertThat(rows.count(filter)).as(what).isEqualTo(matching.size());
    double found = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = TestVectors.random(random, DIMENSION);
      for (int d = 0; d < DIMENSION; d++) {
        query[d] = centre[d] + 0.3f * query[d];
      }
      List<Hit> hits = rows.search(query).k(K).where(filter).withMetadata().run();
      assertThat(hits).as(what).hasSize(Math.min(K, matching.size()));
      assertThat(hits).as(what).allMatch(hit -> filter.matches(hit.metadata()));
      assertThat(hits).extracting(Hit::id).as(what).doesNotHaveDuplicates();
      found += Oracle.recall(rows.spec().metric(), query, matching, hits);
    }
    assertThat(found / QUERIES).as(what).isGreaterThanOrEqualTo(0.95);
  }
}
