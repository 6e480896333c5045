package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import io.firn.search.Snapshots;
import io.firn.search.Temperature;
import io.firn.store.DeviceReads;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Searches find the same wherever a segment lies. */
class TierSearchTest {

  private static final int ROWS = 4_000;
  private static final int RACING_ROWS = 1_200; // files have 1,000 rows at least
  private static final int DIMENSION = 40;
  private static final int QUERIES = 50;

  @TempDir Path directory;

  private static void forEachSegment(Database db, Consumer<SealedSegment> action) {
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      snapshot.sealedSegments().forEach(action);
    }
  }

  private static Temperature onlyTemperature(Database db) {
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      assertThat(snapshot.sealedSegments()).hasSize(1);
      return snapshot.sealedSegments().getFirst().temperature();
    }
  }

  private Collection filled(Database db, Metric metric, Random random) {
    return filled(db, metric, random, ROWS);
  }

  private Collection filled(Database db, Metric metric, Random random, int count) {
    Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
    rows.upsertAll(TestVectors.clustered(random, count, DIMENSION));
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

  /** Candidates are found by 4-bit codes, results are ranked by vectors. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void warmSegmentsFindTheNearest(Metric metric) {
    long seed = 73;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      db.pauseMoves();
      Collection rows = filled(db, metric, random);
      forEachSegment(db, segment -> assertThat(segment.makeCompact(() -> true)).isTrue());
      double found = 0;
      double foundHot = 0;
      for (int i = 0; i < QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        boolean cold = i % 2 == 0;
        forEachSegment(db, segment -> segment.temperature().setCold(cold));
        List<Hit> exact = rows.search(query).exact().run();
        List<Hit> hits = rows.search(query).ef(100).run();
        assertThat(hits).extracting(Hit::tier).containsOnly(Tier.WARM);
        requireExactDistances(rows, query, hits);
        found += common(hits, exact);
      }
      forEachSegment(db, SealedSegment::dropCompact);
      for (int i = 0; i < QUERIES; i++) {
        float[] query = TestVectors.random(random, DIMENSION);
        foundHot += common(rows.search(query).ef(100).run(), rows.search(query).exact().run());
      }
      assertThat(found / QUERIES / 10).as("recall@10, seed %d", seed).isGreaterThan(0.95);
      assertThat(found).isGreaterThan(foundHot - 0.02 * 10 * QUERIES);
    }
  }

  private static double common(List<Hit> hits, List<Hit> exact) {
    float tenth = exact.getLast().distance();
    double slack = 1e-5 * Math.max(1, Math.abs(tenth));
    assertThat(hits).hasSize(10);
    return hits.stream().filter(hit -> hit.distance() <= tenth + slack).count();
  }

  private static void requireExactDistances(Collection rows, float[] query, List<Hit> hits) {
    List<Hit> all = rows.search(query).exact().k(ROWS).run();
    for (Hit hit : hits) {
      float expected =
          all.stream().filter(of -> of.id().equals(hit.id())).findFirst().orElseThrow().distance();
      assertThat(hit.distance())
          .isCloseTo(expected, within(1e-5f * Math.max(1, Math.abs(expected))));
    }
  }

  @Test
  void filteredSearchesOfWarmSegmentsKeepTheirPromise() {
    long seed = 74;
    var random = new Random(seed);
    try (Database db = Firn.open(directory.resolve("db"))) {
      db.pauseMoves();
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      rows.index("group");
      for (Row row : TestVectors.clustered(random, ROWS, DIMENSION)) {
        rows.upsert(row.longId(), row.vector(), Metadata.of("group", row.longId() % 10, "all", 1L));
      }
      rows.optimize();
      forEachSegment(db, segment -> assertThat(segment.makeCompact(() -> true)).isTrue());
      for (Plan plan : Plan.values()) {
        double found = 0;
        for (int i = 0; i < QUERIES; i++) {
          float[] query = TestVectors.random(random, DIMENSION);
          Filter filter = Field.field("group").eq((long) (i % 10));
          List<Hit> exact = rows.search(query).where(filter).exact().run();
          found += common(rows.search(query).where(filter).plan(plan).run(), exact);
        }
        assertThat(found / QUERIES / 10).as("%s, seed %d", plan, seed).isGreaterThan(0.93);
      }
    }
  }

  /** A fifth of the vectors' bytes at 384 dimensions. */
  @Test
  void theCompactFormIsSmall() {
    var random = new Random(75);
    int dimension = 384;
    int count = 1_100;
    try (Database db = Firn.open(directory.resolve("db"))) {
      db.pauseMoves();
      Collection rows = db.collection("rows", CollectionSpec.of(dimension, Metric.COSINE));
      rows.upsertAll(TestVectors.clustered(random, count, dimension));
      rows.optimize();
      assertThat(rows.stats().bySegment().getFirst().memoryBytes()).isZero();
      forEachSegment(db, segment -> assertThat(segment.makeCompact(() -> true)).isTrue());
      SegmentStats stats = rows.stats().bySegment().getFirst();
      assertThat(stats.tier()).isEqualTo(Tier.WARM);
      assertThat(stats.memoryBytes()).isBetween(1L, (long) (0.2 * count * dimension * Float.BYTES));
      forEachSegment(db, SealedSegment::dropCompact);
      assertThat(rows.stats().bySegment().getFirst().memoryBytes()).isZero();
    }
  }

  @Test
  void aMoveThatIsToldToEndLeavesEverythingAsItWas() {
    var random = new Random(76);
    try (Database db = Firn.open(directory.resolve("db"))) {
      db.pauseMoves();
      Collection rows = filled(db, Metric.EUCLIDEAN, random);
      var asked = new AtomicInteger();
      forEachSegment(
          db,
          segment -> {
            assertThat(segment.makeCompact(() -> asked.incrementAndGet() < 3)).isFalse();
            assertThat(segment.readAll(() -> false)).isFalse();
            assertThat(segment.memoryBytes()).isZero();
          });
      assertThat(asked).hasValue(3);
      assertThat(rows.search(TestVectors.random(random, DIMENSION)).run())
          .extracting(Hit::tier)
          .containsOnly(Tier.HOT);
    }
  }

  /** Forms come and go under searches, while rows are written and segments replaced. */
  @Test
  void movesRaceWithSearchesAndRewrites() throws Exception {
    long seed = 77;
    var random = new Random(seed);
    var stop = new AtomicBoolean();
    var failure = new AtomicReference<@Nullable Throwable>();
    Database db = Firn.open(directory.resolve("db"));
    try (db) {
      db.pauseMoves();
      Collection rows = filled(db, Metric.EUCLIDEAN, random, RACING_ROWS);
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < 2; t++) {
        long own = seed + t;
        threads.add(Thread.ofPlatform().start(guarded(failure, stop, () -> searchOnce(rows, own))));
      }
      threads.add(
          Thread.ofPlatform().start(guarded(failure, stop, () -> moveOnce(db, new Random()))));
      for (int round = 0; round < 4; round++) {
        float[] vector = TestVectors.random(random, DIMENSION);
        rows.upsert(RACING_ROWS + round, vector);
        rows.optimize();
        assertThat(rows.search(vector).k(1).run().getFirst().longId())
            .isEqualTo(RACING_ROWS + round);
      }
      stop.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).as("seed %d", seed).isNull();
    }
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Runnable guarded(
      AtomicReference<@Nullable Throwable> failure, AtomicBoolean stop, Step step) {
    return () -> {
      try {
        while (!stop.get()) {
          step.run();
        }
      } catch (Throwable e) {
        failure.compareAndSet(null, e);
      }
    };
  }

  private static void searchOnce(Collection rows, long seed) {
    float[] query = TestVectors.random(new Random(seed), DIMENSION);
    List<Hit> hits = rows.search(query).ef(60).run();
    assertThat(hits).hasSize(10);
    for (int i = 1; i < hits.size(); i++) {
      assertThat(hits.get(i).distance()).isGreaterThanOrEqualTo(hits.get(i - 1).distance());
    }
    assertThat(common(hits, rows.search(query).exact().run())).isGreaterThanOrEqualTo(6);
  }

  private static void moveOnce(Database db, Random random) {
    List<SealedSegment> segments;
    Snapshots.Keeping keeping;
    try (Snapshot snapshot = db.engine().snapshots().pin()) {
      segments = snapshot.sealedSegments();
      keeping = db.engine().snapshots().keep(List.copyOf(segments));
    }
    try (keeping) {
      for (SealedSegment segment : segments) {
        if (random.nextBoolean()) {
          segment.makeCompact(() -> true);
        } else {
          segment.dropCompact();
        }
        segment.temperature().setCold(random.nextBoolean());
      }
    }
  }

  /** Searches end well or with Closed, while forms come and go. */
  @Test
  void movesRaceWithClose() throws Exception {
    var random = new Random(78);
    for (int round = 0; round < 3; round++) {
      Database db = Firn.open(directory.resolve("db" + round));
      db.pauseMoves();
      Collection rows = filled(db, Metric.EUCLIDEAN, random, RACING_ROWS);
      var failure = new AtomicReference<@Nullable Throwable>();
      var stop = new AtomicBoolean();
      var threads = new ArrayList<Thread>();
      for (int t = 0; t < 2; t++) {
        long own = t;
        threads.add(Thread.ofPlatform().start(guarded(failure, stop, () -> searchOnce(rows, own))));
      }
      threads.add(
          Thread.ofPlatform().start(guarded(failure, stop, () -> moveOnce(db, new Random()))));
      Thread.sleep(50);
      db.close();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failure.get()).isInstanceOf(FirnException.Closed.class);
    }
  }

  /** Somebody reads, but no search waits for it: the suspicion is taken back. */
  @Test
  void aSegmentInMemoryDoesNotStayCold() throws Exception {
    var random = new Random(72);
    Path other = Files.write(directory.resolve("other"), new byte[1 << 16]);
    readFromDevice(other);
    long before = DeviceReads.bytes();
    readFromDevice(other);
    assumeTrue(DeviceReads.bytes() > before, "the system counts no reads here");
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = filled(db, Metric.EUCLIDEAN, random);
      Temperature temperature = onlyTemperature(db);
      boolean suspected = false;
      long givenUpAt = System.nanoTime() + 60_000_000_000L;
      while (!suspected || temperature.cold()) {
        readFromDevice(other);
        assertThat(rows.search(TestVectors.random(random, DIMENSION)).run()).hasSize(10);
        suspected |= temperature.cold();
        assertThat(System.nanoTime() - givenUpAt).as("nanoseconds too long").isNegative();
      }
      assertThat(db.stats().moves()).isZero();
    }
  }

  private static void readFromDevice(Path file) throws Exception {
    var forget =
        new ProcessBuilder("sh", "-c", "sync $0; dd if=$0 iflag=nocache count=0", file.toString());
    assertThat(forget.redirectErrorStream(true).start().waitFor()).isZero();
    assertThat(Files.readAllBytes(file)).hasSize(1 << 16);
  }
}
