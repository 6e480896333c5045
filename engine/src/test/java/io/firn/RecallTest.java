package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecallTest {

  private static final int ROWS = 6_000;
  private static final int DIMENSION = 32;
  private static final int QUERIES = 400;
  private static final int CHECKED = 300;
  private static final long PATIENCE_NANOS = 1_200_000_000_000L;

  @TempDir Path directory;

  @Test
  void recallAskedForIsTheRecallThatSearchesHave() {
    long seed = 12;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      var all = new ArrayList<Row>();
      for (int id = 0; id < ROWS; id++) {
        all.add(Row.of(id, TestVectors.random(random, DIMENSION)));
      }
      rows.upsertAll(all);
      rows.optimize();
      assertThat(rows.stats().recalls()).isEmpty();
      assertThat(estimate(rows, random).ef()).isEqualTo(128); // nothing is known yet
      long givenUpAt = System.nanoTime() + PATIENCE_NANOS;
      while (estimate(rows, random).samples() < CHECKED) {
        assertThat(System.nanoTime() - givenUpAt).as("nanoseconds too long").isNegative();
      }
      for (double asked : new double[] {0.9, 0.95, 0.99}) {
        double measured = measure(rows, random, asked);
        RecallEstimate estimate = rows.stats().recalls().getFirst();
        String what = "asked %s, seed %d, %s".formatted(asked, seed, estimate);
        assertThat(measured).as(what).isCloseTo(asked, within(0.03));
        assertThat(estimate.asked()).as(what).isEqualTo(asked);
        assertThat(estimate.recall()).as(what).isCloseTo(asked, within(0.01));
        assertThat(estimate.margin()).as(what).isBetween(0.0005, 0.02);
        assertThat(estimate.ef()).as(what).isBetween(11, 640);
      }
      measure(rows, random, 0.5);
      assertThat(rows.stats().recalls().getFirst().ef()).as("seed %d", seed).isLessThan(10);
    }
  }

  private static RecallEstimate estimate(Collection rows, Random random) {
    assertThat(rows.search(TestVectors.random(random, DIMENSION)).recall(0.95).run()).hasSize(10);
    return rows.stats().recalls().getFirst();
  }

  private static double measure(Collection rows, Random random, double asked) {
    double found = 0;
    for (int i = 0; i < QUERIES; i++) {
      float[] query = TestVectors.random(random, DIMENSION);
      List<Hit> exact = rows.search(query).exact().run();
      float last = exact.getLast().distance();
      List<Hit> hits = rows.search(query).recall(asked).run();
      assertThat(hits).hasSize(10);
      found += hits.stream().filter(hit -> hit.distance() <= last).count() / 10.0;
    }
    return found / QUERIES;
  }

  @Test
  void shareThatCannotBeAskedForIsRefused() {
    try (Database db = Firn.inMemory()) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      for (double asked : new double[] {0, 0.49, 1, 95, Double.NaN}) {
        assertThatThrownBy(() -> rows.search(new float[] {1, 2}).recall(asked))
            .isInstanceOf(FirnException.InvalidInput.class)
            .hasMessageContaining("0.5..0.999");
      }
    }
  }
}
