package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a filter promises its recall, a walk is not believed if its query is far from all rows. */
class FarFilterTest {

  private static final int ROWS = 20_000;
  private static final int DIMENSION = 16;
  private static final int QUERIES = 60;
  private static final int DOT_ROWS = 8_000;
  private static final int DOT_QUERIES = 200;
  private static final int K = 10;
  private static final Filter HALF = field("half").eq(0);

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource({"COSINE", "EUCLIDEAN"})
  void farQueriesAreComparedWithAllRowsThatPassAndOthersAreNot(Metric metric) {
    long seed = 11;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
      List<Row> all = TestVectors.clustered(random, ROWS, DIMENSION);
      rows.upsertAll(all.stream().map(FarFilterTest::described).toList());
      rows.optimize();
      rows.index("half");
      List<Row> passing = all.stream().filter(row -> row.longId() % 2 == 0).toList();
      double far = 0;
      int walked = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        List<Hit> hits = search(rows, query).run();
        far += Oracle.recall(metric, query, passing, hits);
        float[] near = all.get(random.nextInt(ROWS)).vector().clone();
        for (int d = 0; d < DIMENSION; d++) {
          near[d] += 0.2f * (float) random.nextGaussian();
        }
        Plan plan = search(rows, near).explain().segments().getFirst().plan();
        walked += plan == Plan.AT_RESULT ? 1 : 0;
      }
      assertThat(far / QUERIES).as("far queries, seed %d", seed).isGreaterThanOrEqualTo(0.995);
      assertThat(walked).as("near ones, seed %d", seed).isGreaterThan(QUERIES / 2);
    }
  }

  /** Nothing is far there; one walk of as many candidates found .975, patient ones .989. */
  @Test
  void underDotWalksGoOnLongerThanTheyFindRows() {
    long seed = 7;
    var random = new Random(seed);
    try (Database db = Firn.inMemory()) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.DOT));
      List<Row> all = TestVectors.clustered(random, DOT_ROWS, DIMENSION);
      rows.upsertAll(all.stream().map(FarFilterTest::described).toList());
      db.flush();
      rows.index("half");
      double found = 0;
      for (int i = 0; i < DOT_QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        Search search = rows.search(query).k(K).where(field("half").atLeast(0));
        found += Oracle.recall(Metric.DOT, query, all, search.plan(Plan.AT_RESULT).run());
      }
      assertThat(found / DOT_QUERIES).as("seed %d", seed).isGreaterThanOrEqualTo(0.982);
    }
  }

  private static Row described(Row row) {
    return Row.of(row.longId(), row.vector(), Metadata.of("half", row.longId() % 2));
  }

  private static Search search(Collection rows, float[] query) {
    return rows.search(query).k(K).where(HALF).plan(Plan.AT_RESULT);
  }
}
