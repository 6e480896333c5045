package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.SealedSegment;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import io.firn.store.Lmdb;
import io.firn.write.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A reader sees one moment, whole; what only past moments need goes away with their readers. */
class IsolationTest {

  private static final int DIMENSION = 6;
  private static final CollectionSpec SPEC = CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);

  @TempDir Path directory;

  private Database open() {
    return Firn.open(directory.resolve("db"), OPTIONS);
  }

  private static Row version(long id, long version) {
    float[] vector = TestVectors.random(new Random(id * 7_919 + version), DIMENSION);
    return Row.of(id, vector, Metadata.of("version", version));
  }

  private static long versionOf(Collection collection, long id) {
    return versionOf(collection.get(id).orElseThrow().metadata());
  }

  private static long versionOf(Metadata metadata) {
    return Objects.requireNonNull(metadata.getLong("version"));
  }

  /** Runs readers until {@code writes} is done; any of them may fail the test. */
  private static void whileReading(List<Runnable> readers, Runnable writes) throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    var done = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (Runnable reader : readers) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try {
                  while (!done.get()) {
                    reader.run();
                  }
                } catch (Throwable e) {
                  failures.add(e);
                }
              }));
    }
    try {
      writes.run();
    } finally {
      done.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void transactionOverTwoCollectionsIsSeenWholeOrNotAtAll() throws Exception {
    try (Database db = open()) {
      Collection left = db.collection("left", SPEC);
      Collection right = db.collection("right", SPEC);
      left.upsert(version(1, 0));
      right.upsert(version(1, 0));
      Runnable leftFirst =
          () -> {
            long seen = versionOf(left, 1);
            assertThat(versionOf(right, 1)).isGreaterThanOrEqualTo(seen);
          };
      Runnable rightFirst =
          () -> {
            long seen = hitVersions(right, 1).getFirst();
            assertThat(hitVersions(left, 1).getFirst()).isGreaterThanOrEqualTo(seen);
          };
      whileReading(
          List.of(leftFirst, rightFirst, leftFirst, rightFirst),
          () -> {
            for (long version = 1; version <= 150; version++) {
              Row row = version(1, version);
              db.write(tx -> tx.upsert(left, row).upsert(right, row));
            }
          });
      assertThat(versionOf(left, 1)).isEqualTo(150);
    }
  }

  private static List<Long> hitVersions(Collection collection, int k) {
    return collection.search(new float[DIMENSION]).k(k).withMetadata().run().stream()
        .map(hit -> versionOf(hit.metadata()))
        .toList();
  }

  @Test
  void everySearchAndScanShowsOneVersion() throws Exception {
    int ids = 50;
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      rows.upsertAll(LongStream.range(0, ids).mapToObj(id -> version(id, 0)).toList());
      Runnable searching =
          () -> {
            List<Long> versions = hitVersions(rows, 1_000);
            assertThat(versions).hasSize(ids).containsOnly(versions.getFirst());
          };
      Runnable scanning =
          () -> {
            try (Stream<Row> scan = rows.scan()) {
              List<Long> versions = scan.map(row -> versionOf(row.metadata())).toList();
              assertThat(versions).hasSize(ids).containsOnly(versions.getFirst());
            }
          };
      Runnable counting = () -> assertThat(rows.count()).isEqualTo(ids);
      whileReading(
          List.of(searching, scanning, counting),
          () -> {
            for (long version = 1; version <= 100; version++) {
              replaceAll(db, rows, ids, version);
              if (version % 25 == 0) {
                rows.optimize();
              }
            }
          });
    }
  }

  /** Deletes and writes again in one transaction, under the ids of even or odd versions. */
  private static void replaceAll(Database db, Collection rows, int ids, long version) {
    db.write(tx -> {
      for (long id = 0; id < ids; id++) {
        tx.delete(rows, (version - 1) % 2 * 1_000 + id);
        tx.upsert(rows, version(version % 2 * 1_000 + id, version));
      }
    });
  }

  @Test
  void scanStaysAtItsMomentWhileEverythingMoves() throws IOException {
    long seed = 5;
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      rows.upsertAll(TestVectors.clustered(new Random(seed), 3_500, DIMENSION));
      db.flush();
      rows.delete(10);
      List<Row> before = all(rows);
      try (Stream<Row> held = rows.scan();
          Stream<Row> second = rows.scan()) {
        Iterator<Row> reading = held.iterator();
        List<Row> seen = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
          for (int i = 0; i < 300; i++) {
            seen.add(reading.next());
          }
          int shift = round;
          rows.upsertAll(LongStream.range(0, 1_200).mapToObj(id -> version(id, shift)).toList());
          delete(db, rows, 2_000 + round * 100, 2_100 + round * 100);
          rows.optimize();
        }
        reading.forEachRemaining(seen::add);
        assertThat(seen).as("seed %d", seed).isEqualTo(before);
        assertThat(second.toList()).as("seed %d", seed).isEqualTo(before);
        assertThat(db.stats().openSnapshots()).isGreaterThan(1);
      }
      SoundDatabase.requireOneSnapshot(db, "seed " + seed);
      rows.optimize();
      assertThat(segmentFiles())
          .as("files of one segment: its predecessors' are gone")
          .hasSize(SealedSegment.KINDS.size());
      SoundDatabase.rows(rows, "afterwards");
      SoundDatabase.requireVerified(db, "afterwards");
    }
  }

  private static void delete(Database db, Collection rows, long from, long to) {
    db.write(tx -> LongStream.range(from, to).forEach(id -> tx.delete(rows, id)));
  }

  private static List<Row> all(Collection collection) {
    try (Stream<Row> scan = collection.scan()) {
      return scan.toList();
    }
  }

  private List<Path> segmentFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("db/seg"))) {
      return files.toList();
    }
  }

  @Test
  void deadRowsLeaveNothingInTheTables() throws IOException {
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      for (int round = 0; round < 4; round++) {
        int version = round;
        rows.upsertAll(LongStream.range(0, 1_500).mapToObj(id -> version(id, version)).toList());
      }
      Stream<Row> held = rows.scan();
      delete(db, rows, 0, 1_000);
      rows.upsert(version(5_000, 0));
      assertThat(held.count()).as("rows whose records are kept for a reader").isEqualTo(1_500);
      held.close();
      rows.upsert(version(5_001, 0)); // a write carries the last ones off
      rows.optimize();
    }
    Map<String, Long> tables = tableRows();
    assertThat(tables)
        .containsEntry(Table.ROWS.storedName(), 502L)
        .containsEntry(Table.IDS.storedName(), 502L)
        .containsEntry(Table.DEAD.storedName(), 0L)
        .containsEntry(Table.FRESH.storedName(), 0L)
        .containsEntry(Table.TOMBSTONES.storedName(), 0L)
        .containsEntry(Table.SEGMENTS.storedName(), 1L);
  }

  private Map<String, Long> tableRows() throws IOException {
    try (DatabaseDirectory held =
            DatabaseDirectory.open(directory.resolve("db"), false, Io.system());
        Lmdb lmdb = Lmdb.open(held, Table.storedNames(), Lmdb.Options.defaults())) {
      return lmdb.stats().rows();
    }
  }

  @Test
  void readerOfClosedDatabaseTakesNothingFromTheNextOne() throws IOException {
    Stream<Row> held;
    try (Database db = open()) {
      Collection rows = db.collection("rows", SPEC);
      rows.upsertAll(LongStream.range(0, 1_200).mapToObj(id -> version(id, 0)).toList());
      rows.optimize();
      held = rows.scan();
      delete(db, rows, 0, 1_200);
      rows.optimize();
      assertThat(rows.stats().segments()).isZero();
    }
    try (Database db = open()) {
      Collection rows = db.collection("rows");
      rows.upsertAll(LongStream.range(0, 1_100).mapToObj(id -> version(id, 1)).toList());
      rows.optimize();
      held.close(); // frees the first database's segment, long gone from the disk
      assertThat(segmentFiles()).hasSize(SealedSegment.KINDS.size());
    }
    try (Database db = open()) {
      assertThat(db.recovery().rebuilt()).isEmpty();
      assertThat(SoundDatabase.rows(db.collection("rows"), "reopened")).hasSize(1_100);
      SoundDatabase.requireVerified(db, "reopened");
    }
  }

  @Test
  void collectionIsListedOnceItCanBeRead() throws Exception {
    try (Database db = open()) {
      whileReading(
          List.of(
              () -> {
                for (String name : db.collections()) {
                  assertThat(db.collection(name).count()).isZero();
                }
              },
              db::stats),
          () -> {
            for (int i = 0; i < 30; i++) {
              db.collection("c" + i, SPEC);
            }
          });
    }
  }
}
