package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a bulk load does, on a disk or in memory. */
abstract class BulkLoadContract {

  static final int DIMENSION = 8;
  static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(8, 32);

  Database db;
  Collection rows;
  private final Random random = new Random(7);

  abstract Database open();

  @BeforeEach
  void openDatabase() {
    db = open();
    rows = db.collection("rows", SPEC);
  }

  @AfterEach
  void closeDatabase() {
    db.close();
  }

  Row row(long id) {
    return Row.of(
        id, TestVectors.random(random, DIMENSION), Metadata.of("id", id, "n", random.nextLong()));
  }

  /** Loads rows; returns them by id, of equal ones the last. */
  Map<Long, Row> load(long... ids) {
    Map<Long, Row> loaded = new TreeMap<>();
    try (BulkLoad load = rows.bulk()) {
      for (long id : ids) {
        Row row = row(id);
        load.add(row);
        loaded.put(id, row);
      }
      load.commit();
    }
    return loaded;
  }

  static long[] range(long from, long to) {
    return java.util.stream.LongStream.range(from, to).toArray();
  }

  void requireRows(Map<Long, Row> expected) {
    Map<Long, Row> found = new TreeMap<>();
    SoundDatabase.rows(rows, "loaded").forEach(row -> found.put(row.longId(), row));
    assertThat(found).isEqualTo(expected);
    assertThat(db.verify().problems()).isEmpty();
  }

  @Test
  void nothingIsVisibleBeforeTheCommitAndEverythingAfterIt() {
    Map<Long, Row> expected = new TreeMap<>();
    try (BulkLoad load = rows.bulk()) {
      for (long id = 0; id < 500; id++) {
        Row row = row(id);
        load.add(row);
        expected.put(id, row);
      }
      assertThat(load.rows()).isEqualTo(500);
      assertThat(rows.count()).isZero();
      assertThat(rows.get(3)).isEmpty();
      assertThat(rows.search(row(3).vector()).run()).isEmpty();
      load.commit();
    }
    requireRows(expected);
  }

  @Test
  void aLoadedRowReplacesTheOneOfItsIdAndTheLastOfALoadWins() {
    rows.upsertAll(List.of(row(1), row(2), row(3)));
    Row kept = rows.get(3).orElseThrow();
    Map<Long, Row> expected = load(2, 10, 11, 10, 1, 10, 2);
    expected.put(3L, kept);
    requireRows(expected);
    assertThat(rows.count()).isEqualTo(5);

    Row again = row(10);
    rows.upsert(again);
    expected.put(10L, again);
    assertThat(rows.delete(11)).isTrue();
    expected.remove(11L);
    expected.putAll(load(2, 20));
    requireRows(expected);
    rows.optimize();
    requireRows(expected);
  }

  @Test
  void stringAndLongIdsAreApart() {
    try (BulkLoad load = rows.bulk()) {
      load.add(7, new float[DIMENSION]);
      load.add("7", new float[DIMENSION], Metadata.of("text", true));
      load.add("x".repeat(5_000), new float[DIMENSION]);
      load.commit();
    }
    assertThat(rows.count()).isEqualTo(3);
    assertThat(rows.get("7").orElseThrow().metadata()).isEqualTo(Metadata.of("text", true));
    assertThat(rows.get("x".repeat(5_000))).isPresent();
  }

  @Test
  void snapshotsFromBeforeShowTheRowsFromBefore() {
    rows.upsertAll(List.of(row(1), row(2)));
    Map<Long, Row> before = new TreeMap<>();
    List.of(1L, 2L).forEach(id -> before.put(id, rows.get(id).orElseThrow()));
    try (var scan = rows.scan()) {
      Map<Long, Row> after = load(2, 3);
      Map<Long, Row> seen = new TreeMap<>();
      scan.forEach(row -> seen.put(row.longId(), row));
      assertThat(seen).isEqualTo(before);
      assertThat(rows.get(2)).contains(after.get(2L));
    }
  }

  @Test
  void aBadRowIsRefusedAndTheLoadGoesOn() {
    Map<Long, Row> expected = new TreeMap<>();
    try (BulkLoad load = rows.bulk()) {
      for (long id = 0; id < 100; id++) {
        Row row = row(id);
        if (id == 50) {
          row.vector()[5] = Float.NaN;
          assertThatThrownBy(() -> load.add(row))
              .isInstanceOf(FirnException.InvalidInput.class)
              .hasMessageContaining("\"50\"")
              .hasMessageContaining("NaN at index 5");
        } else {
          load.add(row);
          expected.put(id, row);
        }
      }
      assertThatThrownBy(() -> load.add(1, new float[DIMENSION + 1]))
          .isInstanceOf(FirnException.InvalidInput.class);
      load.commit();
    }
    requireRows(expected);
  }

  @Test
  void otherWritesToTheCollectionAreRefusedMeanwhile() {
    Collection other = db.collection("other", SPEC);
    rows.upsert(row(1));
    try (BulkLoad load = rows.bulk()) {
      load.add(row(2));
      for (Runnable write :
          List.<Runnable>of(
              () -> rows.upsert(row(3)),
              () -> rows.delete(1),
              () -> rows.updateMetadata(1, Metadata.EMPTY),
              () -> rows.deleteWhere(Field.field("id").eq(1)),
              () -> db.write(tx -> tx.upsert(other, row(4)).upsert(rows, row(4))),
              rows::bulk)) {
        assertThatThrownBy(write::run)
            .isInstanceOf(FirnException.Conflict.class)
            .hasMessageContaining("\"rows\"")
            .hasMessageContaining("load");
      }
      other.upsert(row(5));
      rows.optimize();
      load.commit();
    }
    assertThat(other.count()).isEqualTo(1);
    assertThat(rows.count()).isEqualTo(2);
    rows.upsert(row(3));
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void aClosedLoadLeavesNothing() {
    rows.upsert(row(1));
    BulkLoad load = rows.bulk();
    load.add(row(1)).add(row(2));
    load.close();
    load.close();

    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.get(2)).isEmpty();
    assertThatThrownBy(() -> load.add(row(3))).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(load::commit).isInstanceOf(FirnException.Closed.class);
    rows.upsert(row(2));
    assertThat(load(3)).hasSize(1);
    assertThat(rows.count()).isEqualTo(3);
  }

  @Test
  void whatProgressThrowsEndsTheLoad() {
    BulkLoad load = rows.bulk();
    for (long id = 0; id < 300; id++) {
      load.add(row(id));
    }
    assertThatThrownBy(() ->
            load.commit((done, total) -> {
              assertThat(total).isEqualTo(300);
              throw new IllegalStateException("enough");
            }))
        .hasMessage("enough");
    assertThat(rows.count()).isZero();
    rows.upsert(row(1));
    assertThat(rows.count()).isEqualTo(1);
  }

  @Test
  void aLoadClosedByItsOwnProgressStoresNothing() {
    BulkLoad load = rows.bulk();
    load.add(row(1));
    assertThatThrownBy(() -> load.commit((done, total) -> load.close()))
        .isInstanceOf(FirnException.class);
    assertThat(rows.count()).isZero();
    assertThat(load(1, 2)).hasSize(2);
    assertThat(rows.count()).isEqualTo(2);
  }

  @Test
  void anEmptyLoadChangesNothing() {
    rows.upsert(row(1));
    assertThat(load()).isEmpty();
    assertThat(rows.count()).isEqualTo(1);
    rows.upsert(row(2));
    assertThat(rows.count()).isEqualTo(2);
  }

  @Test
  void progressEndsWithAllRows() {
    var told = new ArrayList<Long>();
    try (BulkLoad load = rows.bulk()) {
      for (long id = 0; id < 2_500; id++) {
        load.add(row(id));
      }
      load.commit((done, total) -> told.add(done));
    }
    assertThat(told.getLast()).isEqualTo(2_500);
    assertThat(told).allMatch(done -> done >= 0 && done <= 2_500);
  }

  @Test
  void closingTheDatabaseEndsALoad() {
    BulkLoad load = rows.bulk();
    load.add(row(1));
    db.close();
    assertThatThrownBy(() -> load.add(row(2))).isInstanceOf(FirnException.Closed.class);
    assertThatThrownBy(load::commit).isInstanceOf(FirnException.Closed.class);
    load.close();
  }
}
