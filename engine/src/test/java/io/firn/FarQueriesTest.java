package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries from where no row is: their nearest rows lie at the edges of several clusters. */
class FarQueriesTest {

  private static final int ROWS = 8_000;
  private static final int DIMENSION = 16;
  private static final int QUERIES = 100;
  private static final int K = 10;
  private static final int FIRST_EF = 64; // of a search without an ef

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}, lengths spread by {1}")
  @CsvSource({"COSINE, 0", "EUCLIDEAN, 0", "DOT, 0", "DOT, 0.8"})
  void areAnsweredAsWellByDefaultAsOthers(Metric metric, double spread) {
    long seed = 7;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
      rows.upsertAll(
          TestVectors.clustered(random, ROWS, DIMENSION).stream()
              .map(row -> Row.of(row.longId(), scaled(row.vector(), spread, random)))
              .toList());
      rows.optimize();
      assertThat(rows.stats().sealedRows()).isEqualTo(ROWS);
      double oneWalk = 0;
      double byDefault = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        List<Hit> exact = rows.search(query).k(K).exact().run();
        oneWalk += recall(exact, rows.search(query).k(K).ef(FIRST_EF).run());
        byDefault += recall(exact, rows.search(query).k(K).run());
      }
      assertThat(byDefault / QUERIES).as("seed %d", seed).isGreaterThanOrEqualTo(0.97);
      assertThat(byDefault).as("more walks, seed %d", seed).isGreaterThan(oneWalk);
    }
  }

  /** With one start fresh graphs found .913 and sealed ones .888, with theirs .953 and .945. */
  @ParameterizedTest(name = "sealed {0}")
  @CsvSource({"false, 0.935", "true, 0.92"})
  void walksStartOnSeveralSides(boolean sealed, double least) {
    long seed = 7;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      rows.upsertAll(TestVectors.clustered(random, ROWS, DIMENSION));
      db.flush();
      if (sealed) {
        rows.optimize();
      }
      double found = 0;
      for (int i = 0; i < 2 * QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        for (int d = 0; d < DIMENSION; d++) {
          query[d] *= 3; // farther from all rows than these are from one another
        }
        List<Hit> exact = rows.search(query).k(K).exact().run();
        found += recall(exact, rows.search(query).k(K).ef(FIRST_EF).run());
      }
      assertThat(found / (2 * QUERIES)).as("seed %d", seed).isGreaterThanOrEqualTo(least);
    }
  }

  /** Longer or shorter by chance. */
  private static float[] scaled(float[] vector, double spread, Random random) {
    float factor = (float) Math.exp(spread * random.nextGaussian());
    float[] scaled = vector.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  private static double recall(List<Hit> exact, List<Hit> found) {
    float last = exact.getLast().distance() + 1e-5f * Math.abs(exact.getLast().distance());
    return (double) found.stream().filter(hit -> hit.distance() <= last).count() / exact.size();
  }
}
