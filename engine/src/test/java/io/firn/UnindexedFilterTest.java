package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.Explanation.SegmentPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Filters that no index answers read records, which takes longer than all else. */
class UnindexedFilterTest {

  private static final int ROWS = 20_000;
  private static final int DIMENSION = 8;
  private static final int K = 10;

  @TempDir Path directory;

  private final Random random = new Random(6);

  @Test
  void comparingEveryRowReadsTheRecordsOfTheNearestOnly() {
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      List<Row> all = fill(rows);
      for (boolean sealed : new boolean[] {false, true}) {
        if (sealed) {
          rows.optimize();
        }
        for (double share : new double[] {1, 0.3, 0.02}) {
          float[] query = TestVectors.random(random, DIMENSION);
          Filter filter = field("number").below(share);
          Search search = rows.search(query).k(K).where(filter).plan(Plan.EXACT);
          List<Row> passing = all.stream().filter(row -> filter.matches(row.metadata())).toList();
          assertThat(Oracle.recall(Metric.EUCLIDEAN, query, passing, search.run())).isEqualTo(1);
          assertThat(search.run()).hasSize(K);
          long read = search.explain().segments().stream().mapToLong(SegmentPlan::tested).sum();
          assertThat(read).as("share %s, sealed %s", share, sealed).isBetween((long) K, ROWS / 3L);
        }
      }
    }
  }

  @Test
  void deadlineIsLookedAtAlsoWhereNoRecordIsRead() {
    try (Database db = Firn.inMemory()) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      fill(rows);
      int[] looks = {0};
      Search search =
          rows.search(TestVectors.random(random, DIMENSION))
              .where(field("number").below(1))
              .plan(Plan.EXACT)
              .cancelWhen(() -> ++looks[0] > ROWS / 64);
      assertThatThrownBy(search::run).isInstanceOf(FirnException.Cancelled.class);
    }
  }

  private List<Row> fill(Collection rows) {
    var all = new ArrayList<Row>();
    for (int id = 0; id < ROWS; id++) {
      Metadata metadata = Metadata.of("number", random.nextDouble());
      all.add(Row.of(id, TestVectors.random(random, DIMENSION), metadata));
    }
    rows.upsertAll(all);
    return all;
  }
}
