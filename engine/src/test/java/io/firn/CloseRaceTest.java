package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever runs while a database closes ends well or with {@link FirnException.Closed}. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class CloseRaceTest {

  private static final int DIMENSION = 8;
  private static final int THREADS = 100;
  private static final int CYCLES = TestLength.ALL ? 10_000 : 200;
  private static final long SLACK_KIB = 64 << 10;
  private static final int ROUNDS = TestLength.CYCLES * 2;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void callsDuringCloseEndWellOrAreRefused(boolean inMemory) throws Exception {
    for (int round = 0; round < (inMemory ? ROUNDS / 2 : ROUNDS); round++) {
      Options options = Options.DEFAULT.withSealRows(1_000);
      Database db = inMemory ? Firn.inMemory(options) : Firn.open(directory.resolve("db"), options);
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
      rows.upsertAll(TestVectors.clustered(new Random(round), 1_100, DIMENSION));
      Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();
      var started = new CountDownLatch(THREADS);
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        var random = new Random(1_000L * round + i);
        Runnable calls = () -> callUntilClosed(db, rows, random, started, unexpected);
        threads.add(
            i % 2 == 0 ? Thread.ofPlatform().start(calls) : Thread.ofVirtual().start(calls));
      }
      assertThat(started.await(10, TimeUnit.MINUTES)).isTrue();
      Thread.sleep(new Random(round).nextInt(60));
      db.close();
      for (Thread thread : threads) {
        assertThat(thread.join(java.time.Duration.ofMinutes(5)))
            .as("round %d: %s ended; it is at %s", round, thread, List.of(thread.getStackTrace()))
            .isTrue();
      }
      assertThat(unexpected).as("round %d", round).isEmpty();
    }
    if (!inMemory) {
      try (Database db = Firn.open(directory.resolve("db"))) {
        SoundDatabase.rows(db.collection("rows"), "after all rounds");
        SoundDatabase.requireVerified(db, "after all rounds");
      }
    }
  }

  private void callUntilClosed(
      Database db,
      Collection rows,
      Random random,
      CountDownLatch started,
      Queue<Throwable> unexpected) {
    started.countDown();
    try {
      while (true) {
        call(db, rows, random);
      }
    } catch (FirnException.Closed _) {
      // what the database owes to whoever comes too late
    } catch (Throwable e) {
      unexpected.add(e);
    }
  }

  private void call(Database db, Collection rows, Random random) {
    float[] vector = TestVectors.random(random, DIMENSION);
    long id = random.nextInt(2_000);
    switch (random.nextInt(40)) {
      case 0 -> db.flush();
      case 1 -> rows.optimize();
      case 2 -> {
        if (random.nextInt(4) == 0 && db.engine().directory() != null) {
          db.backupInto(directory.resolve("backups"), 1, random.nextBoolean());
        } else {
          assertThat(db.verify().problems()).isEmpty();
        }
      }
      case 3 -> db.stats();
      case 4 -> db.collection("more" + random.nextInt(3), CollectionSpec.of(2, Metric.DOT)).count();
      case 5, 6 -> {
        try (Stream<Row> scan = rows.scan()) {
          assertThat(scan.limit(500)).doesNotContainNull();
        }
      }
      case 7, 8, 9, 10 -> rows.upsert(id, vector);
      case 11, 12 -> rows.delete(id);
      case 13, 14 ->
          db.write(tx -> {
            tx.upsert(rows, id, vector);
            tx.delete(rows, id + 1);
          });
      case 15 -> assertThat(rows.search(vector).k(20).exact().withVector().run()).hasSize(20);
      case 16, 17, 18 -> rows.get(id);
      default -> assertThat(rows.search(vector).k(5).withMetadata().run()).hasSize(5);
    }
  }

  @Test
  void closedDatabasesLeaveNoFileAndNoMappingBehind() throws IOException {
    long seed = 11;
    Path path = directory.resolve("db");
    Options options = Options.DEFAULT.withSealRows(1_000);
    try (Database db = Firn.open(path, options)) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.COSINE));
      rows.upsertAll(TestVectors.clustered(new Random(seed), 2_500, DIMENSION));
      db.flush();
    }
    int files = 0;
    int mappings = 0;
    long nativeKib = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      try (Database db = Firn.open(path, options)) {
        Collection rows = db.collection("rows");
        rows.upsert(cycle % 500, TestVectors.random(new Random(cycle), DIMENSION));
        if (cycle % 10 == 0) {
          rows.optimize();
        }
        assertThat(rows.search(TestVectors.random(new Random(seed), DIMENSION)).run()).hasSize(10);
      }
      if (cycle == CYCLES / 4) { // caches and compiled code have settled
        files = ProcessResources.openFiles();
        mappings = ProcessResources.mappings();
        nativeKib = ProcessResources.nativeKib();
      }
    }
    long growthKib = ProcessResources.nativeKib() - nativeKib;
    System.out.printf(
        "%d cycles; files %d then %d, mappings %d then %d, native memory grew by %d KiB%n",
        CYCLES,
        files,
        ProcessResources.openFiles(),
        mappings,
        ProcessResources.mappings(),
        growthKib);
    assertThat(growthKib).as("growth of native memory in KiB").isLessThan(SLACK_KIB);
    assertThat(ProcessResources.openFiles()).as("open files").isLessThanOrEqualTo(files + 2);
    assertThat(ProcessResources.mappings()).as("mapped regions").isLessThanOrEqualTo(mappings + 20);
    assertThat(ProcessResources.mappingsOf(path)).as("mappings of the database's files").isEmpty();
  }
}
