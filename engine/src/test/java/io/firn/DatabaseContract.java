package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every database does, on a disk or in memory. */
abstract class DatabaseContract {

  Database db;

  abstract Database open();

  @BeforeEach
  void openDatabase() {
    db = open();
  }

  @AfterEach
  void closeDatabase() {
    db.close();
  }

  private Collection books() {
    return db.collection("books", CollectionSpec.of(3, Metric.EUCLIDEAN));
  }

  @Test
  void getReturnsBitEqualVectorAndEqualMetadata() {
    float[] vector = {1.5f, -0.0f, Float.MIN_VALUE};
    Metadata metadata =
        Metadata.of(
            "title",
            "Dune",
            "year",
            1965,
            "exact",
            1746714878034235396L,
            "score",
            0.1,
            "read",
            true,
            "tags",
            List.of("sf", "ünïcode"),
            "blob",
            new byte[] {1, 2});
    books().upsert("dune", vector, metadata);

    Row row = books().get("dune").orElseThrow();

    assertThat(Float.floatToRawIntBits(row.vector()[1])).isEqualTo(0x8000_0000);
    assertThat(row.vector()).isEqualTo(vector);
    assertThat(row.metadata()).isEqualTo(metadata);
    assertThat(row.metadata().getLong("exact")).isEqualTo(1746714878034235396L);
    assertThat(row.metadata().names()).containsExactlyElementsOf(metadata.names());
  }

  @Test
  void searchReturnsNearestFirstWithTrueDistances() {
    Collection books = books();
    books.upsert("far", new float[] {3, 4, 0});
    books.upsert("near", new float[] {1, 0, 0});
    books.upsert("here", new float[] {0, 0, 0});

    List<Hit> hits = books.search(new float[] {0, 0, 0}).k(3).run();

    assertThat(hits).extracting(Hit::id).containsExactly("here", "near", "far");
    assertThat(hits).extracting(Hit::distance).containsExactly(0f, 1f, 5f);
  }

  @ParameterizedTest
  @EnumSource(Metric.class)
  void distancesFollowTheMetric(Metric metric) {
    Collection collection = db.collection("m", CollectionSpec.of(2, metric));
    collection.upsert(1, new float[] {0, 2});
    collection.upsert(2, new float[] {2, 2});

    Hit hit = collection.search(new float[] {3, 0}).k(1).run().getFirst();

    assertThat(hit.longId()).isEqualTo(2);
    float expected =
        switch (metric) {
          case COSINE -> 1 - (float) Math.sqrt(0.5);
          case DOT -> -6;
          case EUCLIDEAN -> (float) Math.sqrt(5);
        };
    assertThat(hit.distance()).isCloseTo(expected, within(1e-6f));
  }

  @Test
  void fewerRowsThanKReturnsAllOfThem() {
    books().upsert("a", new float[] {1, 2, 3});
    assertThat(books().search(new float[3]).k(100_000).run()).hasSize(1);
    assertThat(db.collection("empty", CollectionSpec.of(3, Metric.DOT)).search(new float[3]).run())
        .isEmpty();
  }

  @Test
  void upsertReplacesAndDeleteRemoves() {
    Collection books = books();
    books.upsert("a", new float[] {1, 0, 0}, Metadata.of("v", 1));
    books.upsert("a", new float[] {2, 0, 0}, Metadata.of("v", 2));

    assertThat(books.count()).isEqualTo(1);
    assertThat(books.get("a").orElseThrow().metadata().getLong("v")).isEqualTo(2);
    assertThat(books.search(new float[3]).run()).extracting(Hit::distance).containsExactly(2f);

    assertThat(books.delete("a")).isTrue();
    assertThat(books.delete("a")).isFalse();
    assertThat(books.get("a")).isEmpty();
    assertThat(books.search(new float[3]).run()).isEmpty();
    assertThat(books.count()).isZero();
  }

  @Test
  void longAndStringIdsAreDifferentIds() {
    Collection books = books();
    books.upsert(7, new float[] {1, 0, 0});
    books.upsert("7", new float[] {2, 0, 0});
    books.upsert(Long.MIN_VALUE, new float[] {3, 0, 0});

    assertThat(books.count()).isEqualTo(3);
    assertThat(books.get(7).orElseThrow().vector()[0]).isEqualTo(1);
    assertThat(books.get("7").orElseThrow().vector()[0]).isEqualTo(2);
    assertThat(books.get(Long.MIN_VALUE).orElseThrow().longId()).isEqualTo(Long.MIN_VALUE);
    Row text = books.get("7").orElseThrow();
    assertThat(text.hasLongId()).isFalse();
    assertThatThrownBy(text::longId).isInstanceOf(FirnException.InvalidInput.class);
  }

  @Test
  void idsOfAnyLengthAndScriptWork() {
    Collection books = books();
    String at400 = "é".repeat(200);
    String over = "é".repeat(200) + "x";
    String longest = "語".repeat(65_535 / 3);
    List<String> ids = List.of(at400, over, longest, "🜁", "a/../b", "\u0000");
    for (int i = 0; i < ids.size(); i++) {
      books.upsert(ids.get(i), new float[] {i, 0, 0});
    }
    for (int i = 0; i < ids.size(); i++) {
      assertThat(books.get(ids.get(i)).orElseThrow().id()).isEqualTo(ids.get(i));
      assertThat(books.get(ids.get(i)).orElseThrow().vector()[0]).isEqualTo(i);
    }
    assertThat(books.delete(longest)).isTrue();
    assertThat(books.count()).isEqualTo(ids.size() - 1);
  }

  @Test
  void transactionSpansCollectionsAndAppliesInOrder() {
    Collection books = books();
    Collection drafts = db.collection("drafts", CollectionSpec.of(3, Metric.EUCLIDEAN));
    drafts.upsert("emma", new float[] {1, 1, 1});

    db.write(tx -> {
      float[] reused = {1, 0, 0};
      tx.upsert(books, "emma", reused);
      reused[0] = 2;
      tx.upsert(books, "emma", reused, Metadata.of("n", 2));
      tx.upsert(books, 3, reused);
      tx.delete(books, 3);
      tx.delete(drafts, "emma");
    });

    assertThat(books.get("emma").orElseThrow().vector()[0]).isEqualTo(2);
    assertThat(books.count()).isEqualTo(1);
    assertThat(drafts.count()).isZero();
  }

  @Test
  void failedTransactionLeavesNoTrace() {
    Collection books = books();
    assertThatThrownBy(() ->
            db.write(tx -> {
              tx.upsert(books, "a", new float[] {1, 0, 0});
              throw new IllegalArgumentException("mine");
            }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mine");
    assertThat(books.count()).isZero();
    assertThat(books.get("a")).isEmpty();
  }

  @Test
  void transactionIsOfNoUseAfterItsEnd() {
    Collection books = books();
    Transaction[] kept = new Transaction[1];
    db.write(tx -> kept[0] = tx);
    assertThatThrownBy(() -> kept[0].upsert(books, "a", new float[3]))
        .isInstanceOf(FirnException.Closed.class);
    try (Database other = Firn.inMemory()) {
      Collection foreign = other.collection("books", CollectionSpec.of(3, Metric.DOT));
      assertThatThrownBy(() -> db.write(tx -> tx.upsert(foreign, "a", new float[3])))
          .isInstanceOf(FirnException.InvalidInput.class)
          .hasMessageContaining("books");
    }
  }

  @Test
  void hitsCarryWhatWasAskedFor() {
    books().upsert("a", new float[] {1, 2, 3}, Metadata.of("x", "y"));

    Hit rich = books().search(new float[3]).withVector().withMetadata().run().getFirst();
    Hit plain = books().search(new float[3]).run().getFirst();

    assertThat(rich.vector()).containsExactly(1, 2, 3);
    assertThat(rich.metadata().getString("x")).isEqualTo("y");
    assertThatThrownBy(plain::vector)
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("withVector()");
    assertThatThrownBy(plain::metadata)
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("withMetadata()");
  }

  @Test
  void scanShowsOneMomentInWriteOrder() {
    Collection books = books();
    for (int i = 0; i < 1_000; i++) {
      books.upsert(i, new float[] {i, 0, 0}, Metadata.of("i", i));
    }
    books.delete(500);
    try (Stream<Row> rows = books.scan()) {
      books.upsert(2_000, new float[] {0, 0, 0});
      books.delete(1);
      books.upsert(2, new float[] {-1, 0, 0});
      List<Row> seen = rows.toList();
      assertThat(seen).hasSize(999);
      assertThat(seen.get(1).longId()).isEqualTo(1);
      assertThat(seen.get(1).metadata().getLong("i")).isEqualTo(1);
      assertThat(seen.get(2).vector()[0]).isEqualTo(2);
      assertThat(seen).extracting(Row::longId).isSorted().doesNotContain(500L, 2_000L);
    }
    SoundDatabase.requireOneSnapshot(db, "after the scan");
  }

  @Test
  void graphFindsWhatBruteForceFinds() {
    Collection rows = db.collection("r", CollectionSpec.of(24, Metric.COSINE));
    long seed = 7;
    var random = new Random(seed);
    rows.upsertAll(TestVectors.clustered(random, 4_000, 24));
    db.flush();

    assertThat(rows.stats().unlinkedRows()).isZero();
    double found = 0;
    for (int i = 0; i < 50; i++) {
      float[] query = TestVectors.random(random, 24);
      List<Hit> exact = rows.search(query).exact().run();
      List<Hit> approximate = rows.search(query).run();
      assertThat(rows.search(query).ef(3_999).run())
          .as("seed %d", seed)
          .extracting(Hit::id)
          .containsExactlyElementsOf(exact.stream().map(Hit::id).toList());
      var wanted = exact.stream().map(Hit::id).toList();
      found += approximate.stream().filter(hit -> wanted.contains(hit.id())).count() / 10.0;
    }
    assertThat(found / 50).as("recall@10, seed %d", seed).isGreaterThan(0.95);
  }

  @Test
  void optimizeKeepsResultsAndDropsTheDead() {
    Collection rows = db.collection("r", CollectionSpec.of(8, Metric.EUCLIDEAN));
    var random = new Random(3);
    rows.upsertAll(TestVectors.clustered(random, 2_000, 8));
    for (int i = 0; i < 500; i++) {
      rows.delete(i);
    }
    float[] query = TestVectors.random(random, 8);
    List<String> before = ids(rows.search(query).exact().k(50).run());
    long[] last = new long[2];

    rows.optimize((done, total) -> {
      last[0] = done;
      last[1] = total;
    });

    assertThat(last).containsExactly(1_500, 1_500);
    assertThat(rows.stats().deadRows()).isZero();
    assertThat(rows.stats().segments()).isEqualTo(1);
    assertThat(rows.count()).isEqualTo(1_500);
    assertThat(ids(rows.search(query).exact().k(50).run())).isEqualTo(before);
    assertThat(ids(rows.search(query).ef(1_400).k(50).run())).isEqualTo(before);
    assertThat(rows.get(700)).isPresent();
    assertThat(rows.get(3)).isEmpty();
    rows.upsert(3, query);
    rows.delete(700);
    rows.optimize();
    assertThat(rows.search(query).k(1).run().getFirst().longId()).isEqualTo(3);
    assertThat(rows.get(700)).isEmpty();
    assertThat(db.verify().problems()).isEmpty();
    assertThat(db.verify().rows()).isEqualTo(1_500);
  }

  @Test
  void optimizeOfNothingOrOfTheDeadWorks() {
    Collection books = books();
    books.optimize();
    books.upsert("a", new float[] {1, 0, 0});
    books.delete("a");
    books.optimize();
    assertThat(books.stats().deadRows()).isZero();
    books.upsert("b", new float[] {1, 0, 0});
    assertThat(ids(books.search(new float[3]).run())).containsExactly("b");
  }

  static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  @Test
  void neverFewerThanKWhileKLive() {
    Collection rows = db.collection("r", CollectionSpec.of(8, Metric.EUCLIDEAN));
    var random = new Random(5);
    rows.upsertAll(TestVectors.clustered(random, 1_500, 8));
    db.flush();
    for (int i = 0; i < 1_490; i++) {
      rows.delete(i);
    }
    assertThat(rows.search(TestVectors.random(random, 8)).k(10).run()).hasSize(10);
    rows.delete(1_490);
    assertThat(rows.search(TestVectors.random(random, 8)).k(10).run()).hasSize(9);
  }

  @Test
  void concurrentWritersAndReadersAgree() throws Exception {
    Collection rows = db.collection("r", CollectionSpec.of(8, Metric.EUCLIDEAN));
    try (var threads = java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor()) {
      var done =
          java.util.stream.IntStream.range(0, 64)
              .mapToObj(writer ->
                  threads.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                      long id = writer * 1_000L + i;
                      float[] vector = {writer, i, 0, 0, 0, 0, 0, 0};
                      rows.upsert(id, vector);
                      assertThat(rows.get(id)).isPresent();
                      Hit hit = rows.search(vector).k(1).run().getFirst();
                      assertThat(hit.longId()).isEqualTo(id);
                    }
                  }))
              .toList();
      for (var each : done) {
        each.get();
      }
    }
    assertThat(rows.count()).isEqualTo(64 * 20);
  }

  @Test
  void closedDatabaseRefusesEverything() {
    Collection books = books();
    db.close();
    db.close();
    assertThatThrownBy(() -> books.upsert("a", new float[3]))
        .isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(() -> books.search(new float[3]).run())
        .isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(() -> books.get("a")).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(books::scan).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(books::optimize).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(() -> db.collection("books")).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(db::flush).isInstanceOf(FirnException.Closed.class);
  }
}
