package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.recovery.Opening;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Segments are merged in the background, nobody waits for it, and no answer changes by it. */
@Timeout(1_200) // for a machine that is busy with other things
class MergeTest {

  private static final int DIMENSION = 6;
  private static final int SEAL_ROWS = 1_000;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(SEAL_ROWS);

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private final HaltedMerge io = new HaltedMerge(Io.system());
  private final Random random = new Random(9);
  private final Map<Long, Row> model = new TreeMap<>();

  private Database open() {
    return new Database(Opening.open(path(), OPTIONS, io));
  }

  private Path path() {
    return directory.resolve("db");
  }

  private Row row(long id) {
    return Row.of(id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong()));
  }

  private void write(Collection rows, long firstId, int count) {
    List<Row> all = new ArrayList<>();
    for (long id = firstId; id < firstId + count; id++) {
      all.add(row(id));
    }
    rows.upsertAll(all);
    all.forEach(row -> model.put(row.longId(), row));
  }

  private void delete(Collection rows, long id) {
    assertThat(rows.delete(id)).isEqualTo(model.remove(id) != null);
  }

  /** Three sealed segments, which merges must wait to touch. */
  private Collection threeSegments(Database db) {
    db.pauseMerges();
    Collection rows = db.collection("rows", SPEC);
    write(rows, 0, 3 * SEAL_ROWS);
    write(rows, 3 * SEAL_ROWS, 10); // so that the third is full and can be sealed
    db.flush();
    assertThat(rows.stats().sealedRows()).isEqualTo(3 * SEAL_ROWS);
    assertThat(rows.stats().segments()).isEqualTo(4);
    return rows;
  }

  private void requireModel(Database db, String note) {
    List<Row> found = SoundDatabase.rows(db.collection("rows"), note);
    Map<Long, Row> byId = new TreeMap<>();
    found.forEach(row -> byId.put(row.longId(), row));
    assertThat(byId).as(note).isEqualTo(model);
    SoundDatabase.requireVerified(db, note);
  }

  @Test
  void manySealedSegmentsBecomeFew() {
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      for (int i = 0; i < 9; i++) {
        write(rows, i * (long) SEAL_ROWS, SEAL_ROWS);
        delete(rows, i * (long) SEAL_ROWS + 7);
      }
      write(rows, 9L * SEAL_ROWS, 10);
      db.flush();
      db.awaitMerges();
      assertThat(rows.stats().segments()).isLessThanOrEqualTo(4);
      assertThat(db.engine().merges()).isBetween(1L, 4L);
      requireModel(db, "merged");
    }
    try (Database db = open()) {
      assertThat(db.recovery().rebuilt()).isEmpty();
      assertThat(db.recovery().trashed()).isEmpty();
      requireModel(db, "reopened");
    }
  }

  @Test
  void writesInTheMiddleOfAMergeAreNotLostAndTheDeadStayDead() {
    try (Database db = open()) {
      Collection rows = threeSegments(db);
      io.halt(db);
      delete(rows, 5);
      write(rows, 500, 100); // replaces rows that the merge has taken
      delete(rows, 2_999);
      rows.updateMetadata(1_000, Metadata.of("n", 1L));
      model.computeIfPresent(1_000L, (id, row) -> Row.of(id, row.vector(), Metadata.of("n", 1L)));
      requireModel(db, "in the middle of a merge");
      db.resumeMerges();
      db.awaitMerges();
      assertThat(rows.stats().segments()).isEqualTo(2);
      requireModel(db, "after the merge");
    }
    try (Database db = open()) {
      requireModel(db, "reopened");
    }
  }

  @Test
  void aReaderFromBeforeAMergeSeesWhatItSaw() {
    try (Database db = open()) {
      Collection rows = threeSegments(db);
      try (Stream<Row> before = rows.scan()) {
        var reader = before.iterator();
        reader.next();
        int seen = 1;
        delete(rows, 2_500);
        db.resumeMerges();
        db.awaitMerges();
        assertThat(rows.stats().segments()).isEqualTo(2);
        for (; reader.hasNext(); seen++) {
          reader.next();
        }
        assertThat(seen).isEqualTo(3 * SEAL_ROWS + 10);
      }
      requireModel(db, "after the merge");
    }
  }

  @Test
  void filesAreGoneOnceTheyAreMerged() throws IOException {
    try (Database db = open()) {
      threeSegments(db);
      db.resumeMerges();
      db.awaitMerges();
      SoundDatabase.requireOneSnapshot(db, "merged");
      try (Stream<Path> files = Files.list(path().resolve("seg"))) {
        assertThat(files.filter(file -> file.toString().endsWith(".vec"))).hasSize(1);
      }
    }
  }

  @Test
  void aMergeThatTheEndOfTheDatabaseCutsOffIsDoneByTheNext() throws IOException {
    try (Database db = open()) {
      threeSegments(db);
      io.halt(db);
    }
    try (Database db = open()) {
      assertThat(db.recovery().trashed()).as("leftovers").isEmpty();
      db.awaitMerges();
      assertThat(db.collection("rows").stats().segments()).isEqualTo(2);
      requireModel(db, "merged after opening");
    }
  }

  @Test
  void optimizeDoesNotWaitForAMerge() {
    try (Database db = open()) {
      Collection rows = threeSegments(db);
      io.halt(db);
      rows.optimize(); // while merges are paused
      assertThat(rows.stats().sealedRows()).isEqualTo(3 * SEAL_ROWS + 10);
      assertThat(db.engine().merges()).isZero();
      requireModel(db, "optimized");
    }
  }

  @Test
  void aSegmentThatIsMostlyDeadIsRewritten() {
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      write(rows, 0, SEAL_ROWS);
      rows.optimize();
      db.pauseMerges();
      for (int id = 0; id < SEAL_ROWS / 3; id++) {
        delete(rows, 2L * id);
      }
      db.resumeMerges();
      db.awaitMerges();
      assertThat(rows.stats().deadRows()).isZero();
      requireModel(db, "rewritten");
      for (long id : List.copyOf(model.keySet())) {
        delete(rows, id);
      }
      db.awaitMerges();
      assertThat(rows.stats().sealedRows()).isZero();
      requireModel(db, "emptied");
    }
  }

  @Test
  void searchesAndWritesGoOnDuringMerges() throws InterruptedException {
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      write(rows, 0, 100);
      var stop = new AtomicBoolean();
      var wrong = new ArrayList<String>();
      Thread reader =
          Thread.ofPlatform()
              .start(() -> {
                while (!stop.get()) { // these rows are never changed
                  Row row = Objects.requireNonNull(model.get(50L));
                  Hit hit = rows.search(row.vector()).k(1).ef(10_000).run().getFirst();
                  if (hit.longId() != 50) {
                    wrong.add(hit.toString());
                  }
                  LockSupport.parkNanos(100_000);
                }
              });
      for (int i = 0; i < 12; i++) {
        List<Row> batch = new ArrayList<>();
        for (long id = 0; id < SEAL_ROWS; id++) {
          batch.add(row(100 + random.nextInt(5_000)));
        }
        rows.upsertAll(batch);
      }
      db.flush();
      db.awaitMerges();
      stop.set(true);
      reader.join();
      assertThat(wrong).isEmpty();
      assertThat(db.engine().merges()).isPositive();
      SoundDatabase.rows(rows, "after all");
      SoundDatabase.requireVerified(db, "after all");
    }
  }
}
