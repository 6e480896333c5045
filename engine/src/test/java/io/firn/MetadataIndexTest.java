package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An index says what the rows say, at every moment and in every snapshot. */
class MetadataIndexTest {

  private static final List<String> FIELDS = List.of("a", "b", "c");
  private static final Object[] VALUES = {
    "",
    "a",
    "ab",
    "a\u0000",
    "a\u0000b",
    "b",
    "ß",
    "🦊",
    "x".repeat(300),
    "x".repeat(301),
    0L,
    0.0,
    -0.0,
    1L,
    -1L,
    1.5,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x1p63,
    (1L << 53) + 1,
    0x1p53,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    true,
    false,
    Instant.EPOCH,
    Instant.ofEpochSecond(-5, 7),
    Instant.MAX,
    List.of(),
    List.of("a"),
    List.of("a", "b", "a"),
    new byte[] {1}
  };

  @TempDir Path directory;

  private final Map<Long, Metadata> model = new HashMap<>();

  private Database open(boolean inMemory) {
    Options options =
        Options.DEFAULT
            .withSealRows(1_000)
            .withDurability(Durability.interval(Duration.ofSeconds(9)));
    return inMemory ? Firn.inMemory() : Firn.open(directory.resolve("db"), options);
  }

  @ParameterizedTest(name = "in memory {0}")
  @ValueSource(booleans = {false, true})
  void randomFiltersCountWhatTheModelCounts(boolean inMemory) {
    long seed = 31;
    var random = new Random(seed);
    Database db = open(inMemory);
    Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
    rows.index("a");
    write(rows, random, 1_500);
    rows.index("b");
    for (int round = 0; round < 5; round++) {
      if (round == 2 && !inMemory) {
        db.close();
        db = open(false);
        rows = db.collection("rows");
      }
      if (round == 1) {
        rows.index("b", "c");
        rows.index("c", "a", "b");
      }
      if (round == 3) {
        rows.index("c");
        rows.optimize();
      }
      if (round == 4) {
        assertThat(rows.dropIndex("a")).isTrue();
        assertThat(rows.dropIndex("c", "b")).isFalse();
        assertThat(rows.dropIndex("c", "a", "b")).isTrue();
        rows.index("c", "b");
      }
      check(rows, model, random, "seed " + seed + ", round " + round);
      try (Snapshot before = rows.engine().snapshots().pin()) {
        Map<Long, Metadata> then = Map.copyOf(model);
        write(rows, random, 300);
        write(rows, random, 300);
        checkSnapshot(rows, before, then, random, "seed " + seed + ", round " + round);
        check(rows, model, random, "seed " + seed + ", round " + round);
        checkSnapshot(rows, before, then, random, "seed " + seed + ", round " + round);
      }
    }
    assertThat(rows.indexes())
        .containsExactly(List.of("b", "c"), List.of("b"), List.of("c", "b"), List.of("c"));
    assertThat(db.verify().problems()).isEmpty();
    db.close();
  }

  /** Upserts, updates and deletes in one transaction. */
  private void write(Collection rows, Random random, int count) {
    rows.database()
        .write(tx -> {
          for (int i = 0; i < count; i++) {
            long id = random.nextInt(2_000);
            Metadata metadata = metadata(random);
            switch (random.nextInt(5)) {
              case 0 -> {
                tx.delete(rows, id);
                model.remove(id);
              }
              case 1 -> {
                tx.updateMetadata(rows, id, metadata);
                model.computeIfPresent(id, (_, _) -> metadata);
              }
              default -> {
                tx.upsert(rows, id, new float[] {id, 1}, metadata);
                model.put(id, metadata);
              }
            }
          }
        });
  }

  private static Metadata metadata(Random random) {
    Map<String, Object> fields = new HashMap<>();
    for (String field : FIELDS) {
      if (random.nextInt(4) > 0) {
        fields.put(field, VALUES[random.nextInt(VALUES.length)]);
      }
    }
    return Metadata.of(fields);
  }

  private static void check(
      Collection rows, Map<Long, Metadata> model, Random random, String what) {
    for (int i = 0; i < 60; i++) {
      Filter filter = filter(random, 2);
      long expected = model.values().stream().filter(filter::matches).count();
      assertThat(rows.count(filter)).as("%s: %s", what, filter).isEqualTo(expected);
    }
  }

  private static void checkSnapshot(
      Collection rows, Snapshot snapshot, Map<Long, Metadata> model, Random random, String what) {
    for (int i = 0; i < 15; i++) {
      Filter filter = filter(random, 2);
      Long[] expected =
          model.entrySet().stream()
              .filter(row -> filter.matches(row.getValue()))
              .map(Map.Entry::getKey)
              .toArray(Long[]::new);
      List<Hit> hits = rows.search(new float[] {0, 0}).k(5_000).where(filter).run(snapshot);
      assertThat(hits)
          .extracting(Hit::longId)
          .as("%s: %s", what, filter)
          .containsExactlyInAnyOrder(expected);
    }
  }

  private static Filter filter(Random random, int depth) {
    if (depth == 2 && random.nextInt(3) == 0) {
      return together(random);
    }
    Field field = field(FIELDS.get(random.nextInt(FIELDS.size())));
    String text = List.of("", "a", "a\u0000", "b", "🦊", "x").get(random.nextInt(6));
    return switch (random.nextInt(depth == 0 ? 7 : 10)) {
      case 0 -> field.eq(value(random));
      case 1 -> field.in(value(random), value(random), value(random));
      case 2 -> range(random, field);
      case 3 -> random.nextBoolean() ? field.atLeast(value(random)) : field.below(value(random));
      case 4 -> field.exists();
      case 5 -> field.startsWith(text);
      case 6 -> field.contains(text);
      case 7 -> filter(random, depth - 1).and(filter(random, depth - 1));
      case 8 -> filter(random, depth - 1).or(filter(random, depth - 1));
      default -> Filter.not(filter(random, depth - 1));
    };
  }

  /** What an index of several fields is for, and some more. */
  private static Filter together(Random random) {
    Filter last =
        switch (random.nextInt(4)) {
          case 0 -> field("b").startsWith("a");
          case 1 -> range(random, field("b"));
          case 2 -> field("b").below(value(random)).and(field("b").atLeast(value(random)));
          default -> field("b").in(value(random), value(random));
        };
    Filter both = field("c").in(value(random), value(random), value(random)).and(last);
    return switch (random.nextInt(4)) {
      case 0 -> field("a").in(value(random), value(random), "a", true).and(both);
      case 1 -> Filter.not(both);
      case 2 -> filter(random, 0).or(both);
      default -> both;
    };
  }

  private static Filter range(Random random, Field field) {
    Object from = value(random);
    Object to = value(random);
    boolean comparable = Values.comparable(from, to);
    return new Filter.Range(
        field.name(), from, random.nextBoolean(), comparable ? to : null, random.nextBoolean());
  }

  private static Object value(Random random) {
    while (true) {
      Object value = VALUES[random.nextInt(VALUES.length)];
      boolean scalar = !(value instanceof List<?>) && !(value instanceof byte[]);
      if (scalar && !value.equals(Double.NaN)) {
        return value;
      }
    }
  }

  @Test
  void indexOfSeveralFieldsAnswersThemTogether() {
    try (Database db = open(true)) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      rows.index("tenant", "year");
      for (long id = 0; id < 1_000; id++) {
        Metadata metadata = Metadata.of("tenant", "t" + id % 10, "year", 1900 + id % 100);
        rows.upsert(id, new float[] {id, 1}, metadata);
      }
      Filter tenant = field("tenant").eq("t3");
      Filter years = field("year").atLeast(1950);
      Explanation both = explain(rows, tenant.and(years));
      assertThat(both.unindexed()).isNull();
      assertThat(both.matchingRows()).isEqualTo(50);
      assertThat(both.segments())
          .allMatch(segment -> segment.estimatedNanos() > 0 && segment.nanos() > 0);
      assertThat(explain(rows, years.and(tenant)).matchingRows()).isEqualTo(50);
      assertThat(explain(rows, tenant).unindexed()).as("a year is missing").isEqualTo(tenant);
      Explanation three = explain(rows, Filter.all(tenant, years, field("year").below(1960)));
      assertThat(three.matchingRows()).isEqualTo(50);
      assertThat(three.unindexed()).isEqualTo(Filter.all(field("year").below(1960)));
      assertThat(rows.dropIndex("tenant", "year")).isTrue();
      Explanation unknown = explain(rows, tenant.and(years));
      assertThat(unknown.matchingRows()).isEqualTo(-1);
      assertThat(unknown.segments()).allMatch(segment -> segment.estimatedNanos() == -1);
      assertThat(rows.count(tenant.and(years))).isEqualTo(50);
    }
  }

  private static Explanation explain(Collection rows, Filter filter) {
    return rows.search(new float[] {0, 0}).where(filter).explain();
  }

  @Test
  void indexIsBuiltWhileOthersWrite() throws InterruptedException {
    try (Database db = open(false)) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      var old = new ArrayList<Row>();
      for (int id = 0; id < 5_000; id++) {
        old.add(Row.of(id, new float[] {id, 1}, Metadata.of("parity", id % 2)));
      }
      rows.upsertAll(old);
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                for (int id = 0; id < 500; id++) {
                  rows.updateMetadata(id, Metadata.of("parity", "updated"));
                  rows.delete(4_000L + id);
                  rows.upsert(10_000L + id, new float[] {id, 1}, Metadata.of("parity", 0));
                }
              });
      rows.index("parity");
      writer.join();
      assertThat(rows.count(field("parity").eq("updated"))).isEqualTo(500);
      assertThat(rows.count(field("parity").eq(0))).isEqualTo(2_500);
      assertThat(rows.count(field("parity").eq(1))).isEqualTo(2_000);
      Explanation explanation =
          rows.search(new float[] {0, 0}).where(field("parity").eq("updated")).explain();
      assertThat(explanation.unindexed()).isNull();
      assertThat(explanation.matchingRows()).isEqualTo(500);
      assertThat(explanation.hits()).isEqualTo(10);
      assertThat(db.verify().problems()).isEmpty();
    }
  }
}
