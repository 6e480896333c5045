package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.Snapshot;
import io.firn.search.Temperature;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches find the same wherever a segment lies. */
class TierSearchTest {

  private static final int ROWS = 4_000;
  private static final int DIMENSION = 40;
  private static final int QUERIES = 50;

  @TempDir Path directory;

  private static Temperature onlyTemperature(Database db) {
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      assertThat(snapshot.sealedSegments()).hasSize(1);
      return snapshot.sealedSegments().getFirst().temperature();
    }
  }

  private Collection filled(Database db, Metric metric, Random random) {
    Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
    rows.upsertAll(TestVectors.clustered(random, ROWS, DIMENSION));
    rows.optimize();
    return rows;
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void coldSegmentsGiveTheSameResults(Metric metric) {
    long seed = 71;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      db.engine().tiers().pause(true);
      Collection rows = filled(db, metric, random);
      Temperature temperature = onlyTemperature(db);
      for (int i = 0; i < QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        temperature.setCold(false);
        long before = temperature.asked();
        List<Hit> expected = rows.search(query).ef(50).run();
        assertThat(temperature.asked()).as("pages asked for in memory").isEqualTo(before);
        temperature.setCold(true);
        List<Hit> hits = rows.search(query).ef(50).run();
        assertThat(hits.stream().map(Hit::id))
            .as("seed %d, query %d", seed, i)
            .containsExactlyElementsOf(expected.stream().map(Hit::id).toList());
        assertThat(temperature.asked() - before).as("places asked for").isBetween(30L, 400L);
        assertThat(temperature.missing()).as("written a moment ago").isZero();
      }
    }
  }
}
