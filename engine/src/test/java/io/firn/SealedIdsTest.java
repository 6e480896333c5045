package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.IdFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ids of sealed rows: every kind of them comes back from a search, whatever happened to the file.
 */
class SealedIdsTest {

  private static final int DIMENSION = 8;
  private static final int ROWS = 3_000; // several blocks while the file is written

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private Database open() {
    return Firn.open(directory.resolve("db"));
  }

  /** Longs, negative ones too, short and very long strings, of more than one plane of Unicode. */
  private static Row row(int i, float[] vector, boolean onlyLongs) {
    return switch (onlyLongs ? 0 : i % 4) {
      case 0 -> Row.of(i % 8 == 0 ? Long.MIN_VALUE + i : i, vector);
      case 1 -> Row.of("" + i, vector);
      case 2 -> Row.of("\u00e4\ud83d\ude00" + i, vector);
      default -> Row.of("x".repeat(500 + i) + i, vector);
    };
  }

  private List<Row> seal(boolean onlyLongs) {
    var rows = new ArrayList<Row>();
    for (Row row : TestVectors.clustered(new Random(3), ROWS, DIMENSION)) {
      rows.add(row(rows.size(), row.vector(), onlyLongs));
    }
    try (Database db = open()) {
      Collection collection = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      collection.upsertAll(rows);
      collection.optimize();
    }
    return rows;
  }

  private static void requireFound(Database db, List<Row> rows) {
    Collection collection = db.collection("rows");
    for (int i = 0; i < rows.size(); i += 7) {
      Row row = rows.get(i);
      Hit hit = collection.search(row.vector()).k(1).run().getFirst();
      assertThat(hit.id()).isEqualTo(row.id());
      assertThat(hit.hasLongId()).isEqualTo(row.hasLongId());
    }
    assertThat(db.verify().problems()).isEmpty();
  }

  @Test
  void idsOfEveryKindComeBack() {
    List<Row> rows = seal(false);
    try (Database db = open()) {
      requireFound(db, rows);
    }
  }

  @Test
  void longIdsComeBack() {
    List<Row> rows = seal(true);
    try (Database db = open()) {
      requireFound(db, rows);
    }
  }

  @Test
  void aLostFileIsMadeAgainAlsoIfRowsDiedMeanwhile() throws IOException {
    List<Row> rows = seal(false);
    try (Database db = open()) {
      db.write(tx -> rows.subList(0, 14).forEach(row -> delete(tx, db.collection("rows"), row)));
    }
    Files.delete(file());
    try (Database db = open()) {
      assertThat(db.recovery().rebuilt()).hasSize(1).first().asString().contains("ids");
      requireFound(db, rows.subList(14, ROWS));
    }
  }

  private static void delete(Transaction tx, Collection collection, Row row) {
    if (row.hasLongId()) {
      tx.delete(collection, row.longId());
    } else {
      tx.delete(collection, row.id());
    }
  }

  @Test
  void verifyNamesAFileOfOtherIds() throws IOException {
    seal(true);
    Path file = file();
    Files.delete(file);
    String name = file.getFileName().toString();
    long segmentId = Long.parseLong(name.substring(0, name.indexOf('.')), 16);
    try (DatabaseDirectory store =
        DatabaseDirectory.open(directory.resolve("db"), false, Io.system())) {
      IdFile.write(store, segmentId, ROWS, new Others());
    }
    try (Database db = open()) {
      assertThat(db.verify().problems()).first().asString().contains("ids of segment");
    }
  }

  private static final class Others implements IdFile.Source {
    @Override
    public byte @Nullable [] text(int ordinal) {
      return null;
    }

    @Override
    public long number(int ordinal) {
      return -ordinal;
    }
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db/seg"))) {
      return files.filter(file -> file.toString().endsWith(".ids")).findFirst().orElseThrow();
    }
  }
}
