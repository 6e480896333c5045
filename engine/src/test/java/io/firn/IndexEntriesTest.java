package io.firn;

import static io.firn.Field.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.store.Lmdb;
import io.firn.write.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What metadata indexes leave on disk, and what verify says if it does not fit the rows. */
class IndexEntriesTest {

  private static final int ROWS = 20_000; // with two entries each more than one step removes

  @TempDir Path directory;

  private Database open() {
    return Firn.open(directory.resolve("db"));
  }

  @BeforeEach
  void write() {
    try (Database db = open()) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      rows.index("a");
      rows.index("a", "b");
      rows.index("b");
      var all = new ArrayList<Row>();
      for (long id = 0; id < ROWS; id++) {
        all.add(Row.of(id, new float[] {id, 1}, Metadata.of("a", id % 7, "b", "b" + id % 3)));
      }
      rows.upsertAll(all);
    }
  }

  /** Does something to the closed database's tables. */
  private void inTables(Lmdb.WriteFunction action) throws IOException {
    try (DatabaseDirectory held =
            DatabaseDirectory.open(directory.resolve("db"), false, Io.system());
        Lmdb lmdb = Lmdb.open(held, Table.storedNames(), Lmdb.Options.defaults())) {
      lmdb.write(action);
    }
  }

  private List<byte[]> entries(int index) throws IOException {
    List<byte[]> keys = new ArrayList<>();
    inTables(txn ->
        txn.scan(
            Table.POSTINGS.storedName(),
            null,
            null,
            (key, _) -> ByteBuffer.wrap(key).getShort(4) != index || keys.add(key)));
    return keys;
  }

  private List<String> problems() {
    try (Database db = open()) {
      return db.verify().problems();
    }
  }

  @Test
  void droppedIndexLeavesNothingAndCanBeDeclaredAgain() throws IOException {
    assertThat(entries(0)).hasSize(ROWS);
    try (Database db = open()) {
      Collection rows = db.collection("rows");
      assertThat(rows.dropIndex("a", "b")).isTrue();
      assertThat(rows.dropIndex("a", "b")).isFalse();
      rows.delete(3);
      rows.upsert(3, new float[] {1, 1}, Metadata.of("a", 100));
      assertThat(rows.dropIndex("a")).isTrue();
      assertThat(rows.indexes()).containsExactly(List.of("b"));
      assertThat(rows.count(field("a").eq(100))).isEqualTo(1);
    }
    assertThat(entries(0)).isEmpty();
    assertThat(entries(1)).isEmpty();
    try (Database db = open()) {
      Collection rows = db.collection("rows");
      assertThat(rows.indexes()).containsExactly(List.of("b"));
      rows.index("a");
      assertThat(rows.count(field("a").eq(100))).isEqualTo(1);
      assertThat(rows.search(new float[] {0, 0}).where(field("a").eq(100)).explain().unindexed())
          .isNull();
    }
    assertThat(entries(0)).as("the number is free again").hasSize(ROWS);
    assertThat(problems()).isEmpty();
  }

  @Test
  void removalThatACrashCutShortGoesOn() throws IOException {
    inTables(txn -> {
      byte[] stored = txn.get(Table.INDEXES.storedName(), Table.key(0, 0));
      ByteBuffer dropped = ByteBuffer.wrap(java.util.Objects.requireNonNull(stored));
      txn.put(Table.INDEXES.storedName(), Table.key(0, 0), dropped.putInt(4, -1).array());
    });
    long givenUpAt = System.nanoTime() + 600_000_000_000L;
    boolean removed = false;
    while (!removed) {
      try (Database db = open()) {
        assertThat(db.collection("rows").indexes()).doesNotContain(List.of("a"));
        assertThat(db.collection("rows").count(field("a").eq(1))).isEqualTo(ROWS / 7);
        LockSupport.parkNanos(200_000_000);
      }
      removed = entries(0).isEmpty();
      assertThat(System.nanoTime() - givenUpAt).as("nanoseconds too long").isNegative();
    }
    assertThat(entries(2)).hasSize(ROWS);
    assertThat(problems()).isEmpty();
  }

  @Test
  void verifyNamesAnEntryThatIsMissing() throws IOException {
    byte[] lost = entries(1).get(1_000);
    inTables(txn -> txn.delete(Table.POSTINGS.storedName(), lost));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("index of [a, b] of \"rows\"", "misses one", "declare it again");
  }

  @Test
  void verifyNamesAnEntryTooMany() throws IOException {
    byte[] surplus = entries(0).get(1_000).clone();
    surplus[surplus.length - 1]++; // another row
    surplus[surplus.length - 2] = (byte) 0xFE;
    inTables(txn -> txn.put(Table.POSTINGS.storedName(), surplus, new byte[0]));
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("index of [a] of \"rows\"", ROWS + " entries", "has " + (ROWS + 1));
  }
}
