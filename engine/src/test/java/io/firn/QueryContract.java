package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be asked of a collection beyond its k nearest rows, on a disk or in memory. */
abstract class QueryContract {

  private static final int ROWS = 1_200;
  private static final int DIMENSION = 8;
  private static final long SEED = 77;

  Database db;
  Collection rows;
  List<Row> all;
  Random random;

  abstract Database open();

  @BeforeEach
  void fill() {
    random = new Random(SEED);
    db = open();
    rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
    all = new ArrayList<>();
    for (Row row : TestVectors.clustered(random, ROWS, DIMENSION)) {
      String id = "row " + row.longId();
      Metadata metadata =
          Metadata.of(
              "number", row.longId(), "shelf", row.longId() % 7, "text", "row of " + row.longId());
      all.add(Row.of(id, row.vector(), metadata));
    }
    rows.upsertAll(all);
    db.flush();
  }

  @AfterEach
  void close() {
    db.close();
  }

  private float[] query() {
    return TestVectors.random(random, DIMENSION);
  }

  @Test
  void timesComeBackToTheNanosecond() {
    Instant time = Instant.parse("-1000-02-03T04:05:06.123456789Z");
    rows.upsert("timed", query(), Metadata.of("at", time));
    assertThat(rows.get("timed").orElseThrow().metadata().getTime("at")).isEqualTo(time);
    assertThat(rows.count(field("at").atMost(time))).isEqualTo(1);
    assertThat(rows.count(field("at").below(time))).isZero();
  }

  @Test
  void countAndDeleteByFilterAgreeWithTheRows() {
    Filter shelf = field("shelf").eq(3).and(field("number").atLeast(500));
    long expected = all.stream().filter(row -> shelf.matches(row.metadata())).count();
    assertThat(rows.count(shelf)).isEqualTo(expected);
    assertThat(rows.deleteWhere(shelf)).isEqualTo((int) expected);
    assertThat(rows.count(shelf)).isZero();
    assertThat(rows.count()).isEqualTo(ROWS - expected);
    assertThat(rows.search(query()).k(20).where(shelf).run()).isEmpty();
    assertThat(rows.deleteWhere(Filter.all())).isEqualTo((int) (ROWS - expected));
    assertThat(rows.count()).isZero();
  }

  @Test
  void updatedMetadataIsSearchedAndTheVectorStays() {
    Row row = all.get(5);
    assertThat(rows.updateMetadata("row 5", Metadata.of("shelf", "new"))).isTrue();
    assertThat(rows.updateMetadata("nobody", Metadata.EMPTY)).isFalse();

    Row now = rows.get("row 5").orElseThrow();
    assertThat(now.vector()).isEqualTo(row.vector());
    assertThat(now.metadata()).isEqualTo(Metadata.of("shelf", "new"));
    assertThat(rows.count()).isEqualTo(ROWS);
    assertThat(rows.stats().deadRows()).isZero();
    assertThat(rows.search(query()).where(field("shelf").eq("new")).run())
        .extracting(Hit::id)
        .containsExactly("row 5");
    assertThat(rows.search(row.vector()).where(field("number").eq(5)).run()).isEmpty();
    assertThat(db.verify().problems()).isEmpty();
  }

  @Test
  void updatesInOneTransactionApplyInOrder() {
    db.write(tx ->
        tx.upsert(rows, "new", query(), Metadata.of("v", 1))
            .updateMetadata(rows, "new", Metadata.of("v", 2))
            .updateMetadata(rows, "row 1", Metadata.of("v", 3))
            .updateMetadata(rows, "row 1", Metadata.of("v", 4)));
    assertThat(rows.get("new").orElseThrow().metadata()).isEqualTo(Metadata.of("v", 2));
    assertThat(rows.get("row 1").orElseThrow().metadata()).isEqualTo(Metadata.of("v", 4));
  }

  @Test
  void openScanKeepsTheMetadataOfItsTime() {
    try (Stream<Row> before = rows.scan()) {
      rows.updateMetadata("row 1100", Metadata.of("v", 1));
      try (Stream<Row> between = rows.scan()) {
        rows.updateMetadata("row 1100", Metadata.of("v", 2));
        rows.delete("row 1101");
        assertThat(metadataOf(before, "row 1100")).isEqualTo(all.get(1100).metadata());
        assertThat(metadataOf(between, "row 1100")).isEqualTo(Metadata.of("v", 1));
      }
    }
    rows.upsert("later", query()); // lets the old records go
    rows.upsert("even later", query());
    assertThat(rows.get("row 1100").orElseThrow().metadata()).isEqualTo(Metadata.of("v", 2));
  }

  private static Metadata metadataOf(Stream<Row> rows, String id) {
    return rows.filter(row -> row.id().equals(id)).findFirst().orElseThrow().metadata();
  }

  @Test
  void fetchReturnsTheRowsThatExistInTheOrderAsked() {
    assertThat(rows.fetch(List.of("row 9", "nobody", "row 3", "row 9")))
        .containsExactly(all.get(9), all.get(3), all.get(9));
  }

  @Test
  void withinReturnsWhatBruteForceReturns() {
    for (int i = 0; i < 50; i++) {
      float[] query = query();
      double[] distances = Oracle.distances(Metric.EUCLIDEAN, query, all);
      int inside = random.nextInt(300);
      float limit = (float) ((distances[inside] + distances[inside + 1]) / 2);
      List<Hit> exact = rows.search(query).within(limit).exact().run();
      assertThat(exact).as("seed %d", SEED).hasSize(inside + 1);
      List<Hit> hits = rows.search(query).within(limit).run();
      assertThat(hits).allMatch(hit -> hit.distance() <= limit);
      assertThat(hits).as("seed %d", SEED).hasSizeGreaterThanOrEqualTo((int) (0.95 * inside));
      assertThat(rows.search(query).within(limit).k(3).run()).hasSize(Math.min(3, inside + 1));
    }
    assertThat(rows.search(query()).within(0).run()).isEmpty();
  }

  @Test
  void pagesJoinToTheWholeResultWhileRowsComeAndGo() {
    float[] query = query();
    Filter filter = field("shelf").below(5);
    List<Hit> whole = rows.search(query).k(200).exact().where(filter).run();
    var paged = new ArrayList<Hit>();
    var gone = new HashSet<String>();
    List<Hit> page = rows.search(query).k(20).exact().where(filter).run();
    while (paged.size() < 180) {
      paged.addAll(page);
      rows.upsert("near " + paged.size(), query, Metadata.of("shelf", 1));
      String next = whole.get(ids(whole).indexOf(paged.getLast().id()) + 1).id();
      rows.delete(next);
      gone.add(next);
      Cursor cursor = Cursor.of(page.getLast().cursor().text());
      page = rows.search(query).k(20).exact().where(filter).after(cursor).run();
      assertThat(page).hasSize(20);
    }
    List<String> expected =
        ids(whole).stream().filter(id -> !gone.contains(id)).limit(paged.size()).toList();
    assertThat(paged).extracting(Hit::id).containsExactlyElementsOf(expected);
  }

  /** A kernel's last bit changes when C2 compiles it, so also between two pages. */
  @Test
  void aCursorWhoseDistanceIsOffInTheLastBitNamesTheSamePlace() {
    float[] query = query();
    List<Hit> whole = rows.search(query).k(60).exact().run();
    Cursor cursor = whole.get(29).cursor();
    for (float distance :
        new float[] {Math.nextDown(cursor.distance()), Math.nextUp(cursor.distance())}) {
      var off = new Cursor(distance, cursor.rowNumber(), cursor.rank(), cursor.rows());
      assertThat(rows.search(query).k(30).exact().after(off).run())
          .extracting(Hit::id)
          .containsExactlyElementsOf(ids(whole.subList(30, 60)));
    }
  }

  @Test
  void aCursorOfARowThatNeverWasIsAPlaceBetweenOthers() {
    float[] query = query();
    List<Hit> whole = rows.search(query).k(40).exact().run();
    Cursor cursor = whole.get(19).cursor();
    for (int rowNumber : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      float distance = Math.nextUp(cursor.distance());
      var made = new Cursor(distance, rowNumber, cursor.rank(), cursor.rows());
      assertThat(rows.search(query).k(20).exact().after(made).run())
          .extracting(Hit::id)
          .containsExactlyElementsOf(ids(whole.subList(20, 40)));
    }
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  @Test
  void lastPageIsShortAndTheOneAfterItEmpty() {
    Filter few = field("number").below(25);
    float[] query = query();
    List<Hit> first = rows.search(query).k(20).where(few).run();
    List<Hit> second = rows.search(query).k(20).where(few).after(first.getLast().cursor()).run();
    assertThat(second).hasSize(5);
    assertThat(rows.search(query).where(few).after(second.getLast().cursor()).run()).isEmpty();
    assertThatThrownBy(() -> Cursor.of("nonsense"))
        .isInstanceOf(FirnException.InvalidInput.class)
        .hasMessageContaining("cursor");
  }

  @Test
  void bestPerGivesTheNearestRowOfEachValue() {
    rows.updateMetadata("row 8", Metadata.of("shelf", 1.0));
    rows.updateMetadata("row 9", Metadata.of("shelf", List.of("a")));
    rows.updateMetadata("row 10", Metadata.EMPTY);
    float[] query = query();
    List<Hit> best = rows.search(query).bestPer("shelf").k(10).withMetadata("shelf").run();
    assertThat(best).hasSize(7);
    Set<Double> shelves = new HashSet<>();
    for (Hit hit : best) {
      Object value = java.util.Objects.requireNonNull(hit.metadata().get("shelf"));
      shelves.add(((Number) value).doubleValue());
      Filter shelf = field("shelf").eq(value);
      assertThat(hit.distance())
          .isEqualTo(rows.search(query).k(1).exact().where(shelf).run().getFirst().distance());
    }
    assertThat(shelves).hasSize(7);
    assertThat(rows.search(query).bestPer("number").k(30).run()).hasSize(30);
    assertThat(rows.search(query).bestPer("nothing").run()).isEmpty();
  }

  @Test
  void projectionReadsTheFieldsAskedFor() {
    Hit hit = rows.search(query()).k(1).withMetadata("shelf", "nothing").run().getFirst();
    assertThat(hit.metadata().names()).containsExactly("shelf");
    assertThatThrownBy(() -> rows.search(query()).k(1).run().getFirst().metadata())
        .isInstanceOf(FirnException.InvalidInput.class);
  }

  @Test
  void batchAnswersEachQueryAsItsOwnSearchWould() {
    List<float[]> queries = Stream.generate(this::query).limit(20).toList();
    List<List<Hit>> batch =
        rows.searchAll(queries, search -> search.k(4).where(field("shelf").eq(2)));
    for (int i = 0; i < queries.size(); i++) {
      List<Hit> alone = rows.search(queries.get(i)).k(4).where(field("shelf").eq(2)).run();
      assertThat(batch.get(i)).extracting(Hit::id).isEqualTo(ids(alone));
    }
  }

  @Test
  void searchEndsAtItsDeadlineAndWhenItIsCancelled() {
    assertThatThrownBy(() -> rows.search(query()).timeout(Duration.ZERO).run())
        .isInstanceOf(FirnException.Cancelled.class)
        .hasMessageContaining("deadline");
    var looks = new AtomicInteger();
    assertThatThrownBy(
            () -> rows.search(query()).exact().cancelWhen(() -> looks.incrementAndGet() > 3).run())
        .isInstanceOf(FirnException.Cancelled.class);
    assertThat(looks).hasValueLessThan(6);
    assertThat(rows.search(query()).timeout(Duration.ofHours(1)).run()).hasSize(10);
  }

  @Test
  void secondFilterNarrowsTheFirst() {
    List<Hit> hits =
        rows.search(query()).where(field("shelf").eq(1)).where(field("number").below(16)).run();
    assertThat(hits).extracting(Hit::id).containsExactlyInAnyOrder("row 1", "row 8", "row 15");
  }
}
