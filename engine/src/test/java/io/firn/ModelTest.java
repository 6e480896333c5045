package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations against a {@link TreeMap} and brute force in double precision. A failure names
 * its seed; put it into the list below to see it again.
 */
class ModelTest {

  private static final int DIMENSION = 12;
  private static final int IDS = 3_000;

  @TempDir Path directory;

  private final Map<String, Map<Long, Row>> model = new TreeMap<>();
  private Random random = new Random();
  private String seedNote = "";

  /** Rows as of one moment: writes go on while they are read. */
  private record HeldScan(Stream<Row> all, Iterator<Row> rows, List<Row> expected) {

    void check(String note) {
      var left = new ArrayList<Row>();
      rows.forEachRemaining(left::add);
      all.close();
      left.sort(Comparator.comparingLong(Row::longId));
      assertThat(left).as(note).isEqualTo(expected);
    }
  }

  private @Nullable HeldScan held;

  static Stream<Arguments> runs() {
    var runs = new ArrayList<Arguments>();
    runs.add(arguments("durable", 1, 100_000));
    runs.add(arguments("memory", 1, 100_000));
    runs.add(arguments("durable", 2, 20_000));
    runs.add(arguments("interval", 3, 20_000));
    runs.add(arguments("memory", 4, 20_000));
    if (TestLength.ALL) {
      for (int seed = 5; seed < 15; seed++) {
        runs.add(arguments(seed % 3 == 0 ? "interval" : "durable", seed, 100_000));
      }
    }
    return runs.stream();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, seed {1}, {2} operations")
  @MethodSource("runs")
  void databaseAgreesWithModel(String kind, long seed, int operations) {
    random = new Random(seed);
    seedNote = kind + ", seed " + seed;
    Supplier<Database> opener = opener(kind);
    Database db = opener.get();
    int done = 0;
    int checks = 0;
    while (done < operations) {
      done += write(db);
      if (random.nextInt(12) == 0) {
        checkSearch(db);
        checks++;
      }
      switch (random.nextInt(150)) {
        case 0 -> db.flush();
        case 1 -> collection(db, random.nextBoolean()).optimize();
        case 2 -> checkAll(db);
        case 4 -> bulk(db);
        case 5 -> hold(collection(db, random.nextBoolean()));
        case 3 -> {
          checkHeld();
          if (!kind.equals("memory")) {
            db.close();
            db = opener.get();
          }
        }
        default -> {}
      }
    }
    checkHeld();
    checkAll(db);
    assertThat(db.verify().problems()).as(seedNote).isEmpty();
    assertThat(checks).isGreaterThan(20);
    db.close();
  }

  private Supplier<Database> opener(String kind) {
    Options options = Options.DEFAULT.withSealRows(1_000).withMemoryBytes(2 << 20);
    Path path = directory.resolve("db");
    return switch (kind) {
      case "memory" -> () -> Firn.inMemory(options);
      case "durable" -> () -> Firn.open(path, options);
      default ->
          () -> Firn.open(path, options.withDurability(Durability.interval(Duration.ofMillis(10))));
    };
  }

  private static Collection collection(Database db, boolean first) {
    return first
        ? db.collection("a", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN))
        : db.collection("b", CollectionSpec.of(DIMENSION, Metric.COSINE));
  }

  private Map<Long, Row> rows(String collection) {
    return model.computeIfAbsent(collection, _ -> new TreeMap<>());
  }

  /** One random write; returns how many operations it was. */
  private int write(Database db) {
    Collection collection = collection(db, random.nextInt(3) > 0);
    Map<Long, Row> rows = rows(collection.name());
    return switch (random.nextInt(10)) {
      case 0 -> {
        long id = random.nextInt(IDS);
        assertThat(collection.delete(id)).as(seedNote).isEqualTo(rows.remove(id) != null);
        yield 1;
      }
      case 1 -> {
        Row row = row();
        collection.upsert(row);
        rows.put(row.longId(), row);
        yield 1;
      }
      case 2, 3, 4 -> {
        List<Row> batch = Stream.generate(this::row).limit(1 + random.nextInt(300)).toList();
        collection.upsertAll(batch);
        batch.forEach(row -> rows.put(row.longId(), row));
        yield batch.size();
      }
      default -> transaction(db);
    };
  }

  /** Ends the scan that is held, and begins another. */
  private void hold(Collection collection) {
    checkHeld();
    Stream<Row> all = collection.scan();
    held = new HeldScan(all, all.iterator(), List.copyOf(rows(collection.name()).values()));
  }

  private void checkHeld() {
    if (held != null) {
      held.check(seedNote + ", a scan held across writes");
      held = null;
    }
  }

  /** Loads rows, often more than one segment of them, or changes its mind. */
  private void bulk(Database db) {
    Collection collection = collection(db, random.nextBoolean());
    Map<Long, Row> loaded = new TreeMap<>();
    int count = random.nextInt(2_200);
    try (BulkLoad load = collection.bulk()) {
      for (int i = 0; i < count; i++) {
        Row row = row();
        load.add(row);
        loaded.put(row.longId(), row);
      }
      if (random.nextInt(4) > 0) {
        load.commit();
        rows(collection.name()).putAll(loaded);
      }
    }
  }

  private int transaction(Database db) {
    int operations = 1 + random.nextInt(60);
    boolean rolledBack = random.nextInt(10) == 0;
    Map<String, Map<Long, Row>> before = new TreeMap<>();
    model.forEach((name, rows) -> before.put(name, new TreeMap<>(rows)));
    try {
      db.write(tx -> {
        for (int i = 0; i < operations; i++) {
          Collection collection = collection(db, random.nextBoolean());
          Row row = row();
          if (random.nextInt(3) == 0) {
            tx.delete(collection, row.longId());
            rows(collection.name()).remove(row.longId());
          } else {
            tx.upsert(collection, row);
            rows(collection.name()).put(row.longId(), row);
          }
        }
        if (rolledBack) {
          throw new Rollback();
        }
      });
    } catch (Rollback _) {
      model.clear();
      model.putAll(before);
    }
    return operations;
  }

  private static final class Rollback extends RuntimeException {}

  private Row row() {
    long id = random.nextInt(IDS);
    return Row.of(
        id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong(), "id", id));
  }

  private void checkSearch(Database db) {
    Collection collection = collection(db, random.nextBoolean());
    Map<Long, Row> rows = rows(collection.name());
    float[] query = TestVectors.random(random, DIMENSION);
    int k = 1 + random.nextInt(20);
    List<Hit> hits =
        collection.search(query).k(k).ef(Math.max(k, rows.size())).withMetadata().run();
    List<Long> expected = nearest(collection.spec().metric(), rows, query, k);
    assertThat(hits).as(seedNote).extracting(Hit::longId).isEqualTo(expected);
    for (Hit hit : hits) {
      Row row = Objects.requireNonNull(rows.get(hit.longId()));
      assertThat(hit.metadata()).as(seedNote).isEqualTo(row.metadata());
      assertThat((double) hit.distance())
          .as(seedNote)
          .isCloseTo(
              distance(collection.spec().metric(), query, row.vector()),
              org.assertj.core.api.Assertions.within(1e-4));
    }
    List<Hit> graph = collection.search(query).k(k).run();
    assertThat(graph).as(seedNote).hasSize(Math.min(k, rows.size()));
    assertThat(graph).allMatch(hit -> rows.containsKey(hit.longId()));
  }

  private static List<Long> nearest(Metric metric, Map<Long, Row> rows, float[] query, int k) {
    return rows.values().stream()
        .sorted(Comparator.comparingDouble(row -> distance(metric, query, row.vector())))
        .limit(k)
        .map(Row::longId)
        .toList();
  }

  private static double distance(Metric metric, float[] a, float[] b) {
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    double apart = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      squareA += (double) a[i] * a[i];
      squareB += (double) b[i] * b[i];
      apart += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
    }
    return switch (metric) {
      case COSINE -> 1 - product / Math.sqrt(squareA * squareB);
      case DOT -> -product;
      case EUCLIDEAN -> Math.sqrt(apart);
    };
  }

  private void checkAll(Database db) {
    for (boolean first : List.of(true, false)) {
      Collection collection = collection(db, first);
      Map<Long, Row> rows = rows(collection.name());
      assertThat(collection.count()).as(seedNote).isEqualTo(rows.size());
      var scanned = new ArrayList<Row>();
      try (Stream<Row> all = collection.scan()) {
        all.forEach(scanned::add);
      }
      scanned.sort(Comparator.comparingLong(Row::longId));
      assertThat(scanned).as(seedNote).isEqualTo(List.copyOf(rows.values()));
      for (int i = 0; i < 50; i++) {
        long id = random.nextInt(IDS);
        assertThat(collection.get(id).orElse(null)).as(seedNote).isEqualTo(rows.get(id));
      }
    }
  }
}
