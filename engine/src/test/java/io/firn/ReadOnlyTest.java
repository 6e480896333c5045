package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A database that is read while another process writes to it, or none does. */
@Timeout(1_200) // for a machine that is busy with other things
class ReadOnlyTest {

  private static final int DIMENSION = 6;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);
  private static final int IDS = 3_000;

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private Path path() {
    return directory.resolve("db");
  }

  /** Writes the same rows to two collections in each transaction, seals and merges, for ever. */
  static final class Writer {

    private Writer() {}

    public static void main(String[] arguments) {
      try (Database db = Firn.open(Path.of(arguments[0]), OPTIONS)) {
        Collection left = db.collection("left", SPEC);
        Collection right = db.collection("right", SPEC);
        var random = new Random(1);
        for (int i = 0; ; i++) {
          write(db, left, right, random);
          System.out.println(i);
        }
      }
    }
  }

  private static void write(Database db, Collection left, Collection right, Random random) {
    db.write(tx -> {
      for (int i = 0; i < 50; i++) {
        long id = random.nextInt(IDS);
        if (random.nextInt(10) == 0) {
          tx.delete(left, id);
          tx.delete(right, id);
        } else {
          Row row =
              Row.of(
                  id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong()));
          tx.upsert(left, row);
          tx.upsert(right, row);
        }
      }
    });
  }

  private static List<Row> sorted(Database db, String collection) {
    try (Stream<Row> rows = db.collection(collection).scan()) {
      return rows.sorted(Comparator.comparingLong(Row::longId)).toList();
    }
  }

  @Test
  void readerSeesOneMomentWhileAnotherProcessWrites() throws Exception {
    try (ChildProcess writer = ChildProcess.start(Writer.class, path())) {
      assertThat(writer.readLine()).as(writer.errors()).isEqualTo("0");
      var lines = java.util.Collections.synchronizedList(new ArrayList<String>());
      Thread reader = Thread.ofPlatform().start(() -> writer.readTo(lines));
      for (int round = 0; round < 12; round++) {
        int before = lines.size();
        String note = "round " + round;
        try (Database db = Firn.openReadOnly(path())) {
          List<Row> left = sorted(db, "left");
          while (lines.size() < before + 30) { // so that the state is long gone elsewhere
            Thread.sleep(1);
          }
          assertThat(sorted(db, "right")).as(note).isEqualTo(left);
          assertThat(sorted(db, "left")).as(note).isEqualTo(left);
          SoundDatabase.rows(db.collection("left"), note);
          SoundDatabase.requireVerified(db, note);
          assertThat(db.recovery().trashed()).isEmpty();
        }
      }
      writer.kill();
      reader.join();
      assertThat(writer.errors()).doesNotContain("Exception");
    }
    try (Database db = Firn.open(path(), OPTIONS)) {
      assertThat(sorted(db, "right")).isEqualTo(sorted(db, "left"));
      SoundDatabase.requireVerified(db, "after the writer was killed");
    }
  }

  @Test
  void readerWithoutAWriterSeesEverythingAndWritesNothing() {
    var random = new Random(2);
    List<Row> rows;
    try (Database db = Firn.open(path(), OPTIONS)) {
      Collection left = db.collection("left", SPEC);
      write(db, left, db.collection("right", SPEC), random);
      left.optimize();
      write(db, left, db.collection("right"), random);
      rows = sorted(db, "left");
      assertThatThrownBy(() -> Firn.openReadOnly(path())).isInstanceOf(FirnException.Locked.class);
    }
    try (Database db = Firn.openReadOnly(path())) {
      assertThat(sorted(db, "left")).isEqualTo(rows);
      assertThat(db.stats().writable()).isFalse();
      Collection left = db.collection("left");
      for (Runnable write :
          List.<Runnable>of(
              () -> left.upsert(1, new float[DIMENSION]),
              () -> left.delete(1),
              () -> db.collection("new", SPEC),
              left::optimize,
              db::flush,
              () -> db.backup(directory.resolve("backup")))) {
        assertThatThrownBy(write::run)
            .isInstanceOf(FirnException.InvalidInput.class)
            .hasMessageContaining("reading");
      }
      assertThatThrownBy(() -> Firn.open(path())).isInstanceOf(FirnException.Locked.class);
    }
    try (Database db = Firn.open(path(), OPTIONS)) {
      assertThat(sorted(db, "left")).isEqualTo(rows);
    }
  }

  @Test
  void whatIsNotThereIsNotCreated() {
    assertThatThrownBy(() -> Firn.openReadOnly(path())).isInstanceOf(FirnException.NotFound.class);
    assertThat(path()).doesNotExist();
  }
}
