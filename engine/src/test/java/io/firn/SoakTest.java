package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once for a while: rows come and go, are searched, read and scanned, segments are
 * sealed and merged, backups taken, and the database is closed and opened again under all of it.
 * Every answer is held against what {@link SoakRows} knows.
 */
class SoakTest {

  private static final long SEED = Long.getLong("firn.test.seed", 9);
  private static final int SECONDS =
      Integer.getInteger("firn.test.seconds", TestLength.ALL ? 600 : 10);
  private static final int WRITERS = 2;
  private static final int READERS = 3;
  private static final long SLACK_KIB = 96 << 10;

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private volatile boolean done;

  @SuppressWarnings("NullAway.Init") // by the test, before any thread starts
  private volatile Database db;

  private Database open() {
    return Firn.open(directory.resolve("db"), Options.DEFAULT.withSealRows(1_000));
  }

  @Test
  void nothingIsWrongLostOrLeftBehind() throws Exception {
    int filesBefore = ProcessResources.openFiles();
    db = open();
    db.collection(SoakRows.NAME, SoakRows.SPEC).index(SoakRows.PARITY);
    SoakRows rows = new SoakRows(WRITERS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      SoakRows.Writer writer = rows.writer(i, new Random(SEED + i));
      threads.add(start(() -> writes.addAndGet(writer.write(db))));
    }
    for (int i = 0; i < READERS; i++) {
      SoakRows.Reader reader = rows.reader(new Random(SEED + 100 + i));
      threads.add(start(() -> reads.addAndGet(reader.read(db))));
    }
    Random random = new Random(SEED + 1_000);
    threads.add(start(() -> maintain(random)));
    long grownKib = reopenUntilTheEnd();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).as("seed %d", SEED).isEmpty();
    rows.requireAll(db.collection(SoakRows.NAME));
    SoundDatabase.rows(db.collection(SoakRows.NAME), "in the end");
    SoundDatabase.requireVerified(db, "in the end");
    db.close();
    System.out.printf(
        "%d s: %d writes, %d reads, %d of %d rows not found by their own vector, native memory %+d KiB%n",
        SECONDS, writes.get(), reads.get(), rows.missed(), rows.lookedFor(), grownKib);
    assertThat(writes.get()).isPositive();
    assertThat(reads.get()).isPositive();
    assertThat(rows.missed()).isLessThanOrEqualTo(rows.lookedFor() / 100);
    assertThat(ProcessResources.mappingsOf(directory)).isEmpty();
    assertThat(ProcessResources.openFiles()).isLessThanOrEqualTo(filesBefore + 2);
    if (SECONDS >= 60) { // before, compiled code grows
      assertThat(grownKib).as("growth of native memory in KiB").isLessThan(SLACK_KIB);
    }
  }

  /** Closes and opens, every two seconds; KiB of native memory won since a quarter of the time. */
  private long reopenUntilTheEnd() throws Exception {
    long endsAt = System.nanoTime() + SECONDS * 1_000_000_000L;
    long quarter = endsAt - SECONDS * 750_000_000L;
    long settledKib = 0;
    try {
      while (System.nanoTime() < endsAt && failures.isEmpty()) {
        Thread.sleep(2_000);
        db.close();
        db = open();
        if (settledKib == 0 && System.nanoTime() > quarter) {
          settledKib = ProcessResources.nativeKib();
        }
      }
    } finally {
      done = true;
    }
    return ProcessResources.nativeKib() - settledKib;
  }

  private void maintain(Random random) {
    Collection rows = db.collection(SoakRows.NAME);
    switch (random.nextInt(6)) {
      case 0 -> db.flush();
      case 1 -> rows.optimize();
      case 2 -> assertThat(db.verify().problems()).isEmpty();
      case 3 -> db.backupInto(directory.resolve("backups"), 1, random.nextBoolean());
      case 4 -> {
        db.pauseMerges();
        db.resumeMerges();
        db.awaitMerges();
      }
      default -> assertThat(db.stats().openSnapshots()).isNotNegative();
    }
    pause(random.nextInt(200));
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts", e);
    }
  }

  /** Repeats something until the end; a database that closes is followed by another. */
  private Thread start(Runnable work) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            while (!done) {
              try {
                work.run();
              } catch (FirnException.Closed _) {
                pause(1);
              }
            }
          } catch (Throwable e) {
            failures.add(e);
          }
        });
  }
}
