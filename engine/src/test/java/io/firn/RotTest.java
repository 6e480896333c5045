package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage in a mapped payload is found by the first who touches it, before it shows. */
class RotTest {

  private static final int DIMENSION = 64;
  private static final int ROWS = 3_000;
  private static final int HEADER_BYTES = 4_096;
  private static final int BLOCK_BYTES = 1 << 16;

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private List<Row> rows = List.of();

  @BeforeEach
  void seal() {
    rows = TestVectors.clustered(new Random(5), ROWS, DIMENSION);
    try (Database db = open()) {
      Collection collection = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      collection.upsertAll(rows);
      collection.optimize();
    }
  }

  private Database open() {
    return Firn.open(directory.resolve("db"));
  }

  private Path file(String kind) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db/seg"))) {
      return files.filter(file -> file.toString().endsWith(kind)).findFirst().orElseThrow();
    }
  }

  private static void flip(Path file, long at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) at] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void damagedVectorIsNamedByWhatReadsItAndOthersStayReadable() throws IOException {
    long rowBytes = (long) DIMENSION * Float.BYTES;
    long firstRowAt = (4L * ROWS + 63) & -64;
    int damaged = 2_000;
    flip(file(".vec"), HEADER_BYTES + firstRowAt + damaged * rowBytes);
    try (Database db = open()) {
      Collection collection = db.collection("rows");
      assertThat(collection.get(10)).contains(rows.get(10));
      Row row = rows.get(damaged);
      assertThatThrownBy(() -> collection.get(row.longId()))
          .isInstanceOf(FirnException.Corrupt.class)
          .hasMessageContaining(".vec")
          .hasMessageContaining("block");
      assertThatThrownBy(() -> collection.search(row.vector()).k(5).run())
          .isInstanceOf(FirnException.Corrupt.class);
      assertThatThrownBy(() -> collection.search(rows.getFirst().vector()).k(5).exact().run())
          .isInstanceOf(FirnException.Corrupt.class);
      assertThatThrownBy(
              () -> {
                try (Stream<Row> scan = collection.scan()) {
                  scan.forEach(each -> {});
                }
              })
          .isInstanceOf(FirnException.Corrupt.class);
      assertThat(db.verify().problems()).hasSize(1).first().asString().contains(".vec");
    }
  }

  @Test
  void damagedRecordsAreNotUsedAndBuiltAgainAtTheNextOpen() throws IOException {
    Path records = file(".records");
    for (long at = HEADER_BYTES + BLOCK_BYTES / 2; at < Files.size(records); at += BLOCK_BYTES) {
      flip(records, at);
    }
    try (Database db = open()) {
      requireExact(db);
    }
    try (Database db = open()) {
      assertThat(db.recovery().rebuilt()).hasSize(1).first().asString().contains("records");
      requireExact(db);
      assertThat(db.verify().problems()).isEmpty();
    }
  }

  @Test
  void damagedIdsAreReadFromTheTableAndMadeAgainAtTheNextOpen() throws IOException {
    Path idFile = file(".ids");
    flip(idFile, HEADER_BYTES + 8 * 100);
    try (Database db = open()) {
      requireExact(db);
      assertThat(ids(db.collection("rows").search(rows.get(100).vector()).k(1).run()))
          .containsExactly(rows.get(100).id());
    }
    try (Database db = open()) {
      assertThat(db.recovery().rebuilt()).hasSize(1).first().asString().contains("ids");
      requireExact(db);
      assertThat(db.verify().problems()).isEmpty();
    }
  }

  private void requireExact(Database db) {
    Collection collection = db.collection("rows");
    for (int i = 0; i < ROWS; i += 300) {
      float[] query = rows.get(i).vector();
      assertThat(ids(collection.search(query).k(3).run()))
          .isEqualTo(ids(collection.search(query).k(3).exact().run()));
    }
  }

  private static List<String> ids(List<Hit> hits) {
    return hits.stream().map(Hit::id).toList();
  }

  @Test
  void rowNumbersAreVerifiedBeforeTheDatabaseOpens() throws IOException {
    flip(file(".vec"), HEADER_BYTES + 400);
    assertThatThrownBy(this::open)
        .isInstanceOf(FirnException.Corrupt.class)
        .hasMessageContaining(".vec");
  }
}
