package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.SegmentSize;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches over records of codes, in every shape a record can have. */
class SealedSearchTest {

  private static final int ROWS = 4_000;
  private static final int QUERIES = 60;

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}, dimension {1}, m {2}")
  @CsvSource({
    "EUCLIDEAN, 24, 16", // two bits
    "EUCLIDEAN, 250, 16", // one bit, a code length that is no power of two
    "COSINE, 24, 32", // more links than a record has slots
    "COSINE, 250, 8", // empty slots
    "DOT, 24, 16",
    "DOT, 250, 16",
    "EUCLIDEAN, 1, 16"
  })
  void sealedSegmentFindsWhatBruteForceFinds(Metric metric, int dimension, int m) {
    long seed = 17;
    var random = new Random(seed);
    List<Row> rows = TestVectors.clustered(random, ROWS, dimension);
    try (Database db = Firn.open(directory.resolve("db"))) {
      var spec = CollectionSpec.of(dimension, metric).withIndex(m, 200);
      Collection collection = db.collection("rows", spec);
      collection.upsertAll(rows);
      collection.optimize();
      assertThat(collection.stats().sealedRows()).isEqualTo(ROWS);
      double found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] near = rows.get(random.nextInt(ROWS)).vector();
        float[] query = TestVectors.random(random, dimension);
        for (int d = 0; d < dimension; d++) {
          query[d] = near[d] + 0.3f * query[d];
        }
        found += recall(collection, query);
      }
      assertThat(found / QUERIES).as("recall@10, seed %d", seed).isGreaterThan(0.95);
      assertThat(db.verify().problems()).isEmpty();
    }
  }

  /**
   * Only some dimensions are coded here; queries lie apart from all rows in the others. Hits have
   * their exact distances all the same.
   */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void dimensionsThatHardlyVaryCostNothing(Metric metric) {
    long seed = 29;
    var random = new Random(seed);
    int dimension = 520;
    List<Row> rows =
        TestVectors.clustered(random, ROWS, dimension).stream()
            .map(row -> Row.of(row.longId(), mostlyFlat(row.vector(), 0.02f)))
            .toList();
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection collection = db.collection("rows", CollectionSpec.of(dimension, metric));
      collection.upsertAll(rows);
      collection.optimize();
      long records = SegmentSize.of(collection.spec(), ROWS, 0).recordBytes();
      long vectors = SegmentSize.of(collection.spec(), ROWS, 0).vectorBytes();
      assertThat(collection.stats().diskBytes()).isLessThan(vectors + records * 7 / 10);
      double found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] noise = mostlyFlat(TestVectors.random(random, dimension), 0.5f);
        float[] query = rows.get(random.nextInt(ROWS)).vector().clone();
        for (int d = 0; d < dimension; d++) {
          query[d] += 0.2f * noise[d];
        }
        found += recall(collection, query);
      }
      assertThat(found / QUERIES).as("recall@10, seed %d", seed).isGreaterThan(0.95);
      assertThat(db.verify().problems()).isEmpty();
    }
  }

  /** Half of the dimensions by a factor, around 1. */
  private static float[] mostlyFlat(float[] vector, float factor) {
    float[] flat = vector.clone();
    for (int d = 0; d < flat.length; d += 2) {
      flat[d] = 1 + factor * flat[d];
    }
    return flat;
  }

  /** By distance, since equal ones tie. */
  private static double recall(Collection collection, float[] query) {
    List<Hit> exact = collection.search(query).exact().run();
    List<Hit> walked = collection.search(query).run();
    assertThat(walked).hasSize(exact.size());
    float tenth = exact.getLast().distance();
    double slack = 1e-5 * Math.max(1, Math.abs(tenth));
    return walked.stream().filter(hit -> hit.distance() <= tenth + slack).count() / 10.0;
  }

  /** Rows nearer to each other than codes of 8 bits can tell: only their vectors order them. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void whatCodesCannotTellApartIsComparedByVectors(Metric metric) {
    long seed = 23;
    var random = new Random(seed);
    int dimension = 64;
    var rows = new ArrayList<Row>();
    for (int centre = 0; centre < 60; centre++) {
      float[] middle = TestVectors.random(random, dimension);
      for (int i = 0; i < 20; i++) {
        rows.add(Row.of(rows.size(), near(random, middle)));
      }
    }
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection collection = db.collection("rows", CollectionSpec.of(dimension, metric));
      collection.upsertAll(rows);
      collection.optimize();
      double found = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = near(random, rows.get(20 * i).vector());
        List<Hit> hits = collection.search(query).ef(100).run();
        List<Hit> exact = collection.search(query).exact().run();
        found +=
            hits.stream()
                .map(Hit::id)
                .filter(exact.stream().map(Hit::id).toList()::contains)
                .count();
      }
      assertThat(found / QUERIES / 10).as("recall@10, seed %d", seed).isGreaterThan(0.97);
    }
  }

  private static float[] near(Random random, float[] middle) {
    float[] vector = TestVectors.random(random, middle.length);
    for (int d = 0; d < vector.length; d++) {
      vector[d] = middle[d] + 0.002f * vector[d];
    }
    return vector;
  }

  @ParameterizedTest(name = "{0} rows")
  @CsvSource({"1", "31", "32", "33", "513", "1025"})
  void everySizeHasItsSeeds(int count) {
    var random = new Random(count);
    List<Row> rows = TestVectors.clustered(random, count, 16);
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection collection = db.collection("rows", CollectionSpec.of(16, Metric.EUCLIDEAN));
      collection.upsertAll(rows);
      collection.optimize();
      for (Row row : rows) {
        assertThat(collection.search(row.vector()).k(1).ef(8).run().getFirst().distance())
            .as("seed %d", count)
            .isZero();
      }
    }
  }
}
