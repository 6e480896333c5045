package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.recovery.Opening;
import io.firn.search.SealedSegment;
import io.firn.store.FaultyIo;
import io.firn.store.Io;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A bulk load on a disk; small segments, so that a few thousand rows are several. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class BulkLoadTest extends BulkLoadContract {

  private static final Options SMALL_SEGMENTS =
      Options.DEFAULT.withSealRows(1_000).withMemoryBytes(1 << 20);

  @TempDir Path directory;

  private final FaultyIo io = new FaultyIo(Io.system());

  @Override
  Database open() {
    return new Database(Opening.open(directory.resolve("db"), SMALL_SEGMENTS, io));
  }

  private void reopen() {
    db.close();
    db = open();
    rows = db.collection("rows");
  }

  private List<String> files() {
    try (Stream<Path> files = Files.list(directory.resolve("db/seg"))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void moreRowsThanMemoryCanBuildBecomeSeveralSegments() {
    Map<Long, Row> expected = load(range(0, 4_000));

    assertThat(rows.stats().segments()).isBetween(2, 10);
    assertThat(rows.stats().sealedRows()).isEqualTo(4_000);
    assertThat(files()).hasSize(SealedSegment.KINDS.size() * rows.stats().segments());
    requireRows(expected);
    reopen();
    assertThat(db.recovery().trashed()).isEmpty();
    assertThat(db.recovery().rebuilt()).isEmpty();
    requireRows(expected);
    rows.optimize();
    assertThat(rows.stats().segments()).isEqualTo(1);
    requireRows(expected);
  }

  @Test
  void mergesMakeNoSegmentThatMemoryCannotBuild() {
    load(range(0, 10_000));
    int before = rows.stats().segments();
    assertThat(before).isGreaterThan(3);

    db.awaitMerges();

    assertThat(rows.stats().segments()).isEqualTo(before);
    rows.optimize(); // is asked for by somebody who knows the memory
    assertThat(rows.stats().segments()).isEqualTo(1);
  }

  @Test
  void rowsAreReplacedAcrossSegmentsAndReopenings() {
    Map<Long, Row> expected = new TreeMap<>();
    for (long id = 0; id < 1_500; id++) { // sealed ones and fresh ones
      expected.put(id, row(id));
    }
    rows.upsertAll(expected.values());
    long[] twice = new long[4_000];
    for (int i = 0; i < twice.length; i++) {
      twice[i] = 500L + i % 2_500; // some in one segment of the load, some in another
    }
    expected.putAll(load(twice));
    reopen();
    requireRows(expected);
    rows.delete(600);
    expected.remove(600L);
    Row fresh = row(9_999);
    rows.upsert(fresh);
    expected.put(9_999L, fresh);
    reopen();
    requireRows(expected);
    rows.optimize();
    requireRows(expected);
    assertThat(rows.stats().deadRows()).isZero();
  }

  @Test
  void anUncommittedLoadIsGoneAfterACrash() throws IOException {
    rows.upsert(row(1));
    Row kept = rows.get(1).orElseThrow();
    BulkLoad load = rows.bulk();
    for (long id = 0; id < 3_000; id++) {
      load.add(row(id));
    }
    Path crashed = directory.resolve("crashed");
    copy(directory.resolve("db"), crashed); // what a killed process leaves
    load.close();
    try (Database after = Firn.open(crashed, SMALL_SEGMENTS)) {
      assertThat(after.recovery().trashed()).isNotEmpty();
      Collection there = after.collection("rows");
      assertThat(there.count()).isEqualTo(1);
      assertThat(there.get(1)).contains(kept);
      there.upsert(row(2));
      SoundDatabase.requireVerified(after, "after a crash");
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  @Test
  void aLoadClosedOnAnotherThreadWhileItBuildsLeavesNoTrace() throws InterruptedException {
    List<String> before = files();
    BulkLoad load = rows.bulk();
    for (long id = 0; id < 5_000; id++) {
      load.add(row(id));
    }
    var building = new CountDownLatch(1);
    var failure = new AtomicReference<@Nullable Throwable>();
    Thread closer = Thread.currentThread();
    Thread committer =
        Thread.ofVirtual()
            .start(() -> {
              try {
                load.commit((done, total) -> {
                  building.countDown();
                  awaitWaiting(closer);
                });
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    awaitQuietly(building);
    load.close();
    committer.join();

    assertThat(failure.get()).isInstanceOf(FirnException.Cancelled.class);
    assertThat(files()).isEqualTo(before);
    assertThat(rows.count()).isZero();
    requireRows(load(1, 2, 3));
  }

  /** Waits without parking, so that {@link #awaitWaiting} sees {@code close} and nothing before. */
  private static void awaitQuietly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }

  /** Returns when a thread waits for what this one has: closing has begun. */
  private static void awaitWaiting(Thread closer) {
    while (closer.getState() == Thread.State.RUNNABLE) {
      Thread.onSpinWait();
    }
  }

  @Test
  void closingTheDatabaseWhileALoadBuildsLeavesNoFiles() throws InterruptedException {
    BulkLoad load = rows.bulk();
    for (long id = 0; id < 5_000; id++) {
      load.add(row(id));
    }
    var building = new CountDownLatch(1);
    var failure = new AtomicReference<@Nullable Throwable>();
    Thread closer = Thread.currentThread();
    Thread committer =
        Thread.ofPlatform()
            .start(() -> {
              try {
                load.commit((done, total) -> {
                  building.countDown();
                  awaitWaiting(closer);
                });
              } catch (Throwable e) {
                failure.set(e);
              }
            });
    awaitQuietly(building);
    db.close();
    committer.join();

    assertThat(failure.get()).isInstanceOf(FirnException.class);
    assertThat(files()).isEmpty();
    db = open();
    rows = db.collection("rows");
    assertThat(rows.count()).isZero();
  }

  @Test
  void aDiskThatRefusesARowEndsTheLoadAndNothingElse() {
    rows.upsert(row(1));
    BulkLoad load = rows.bulk();
    io.failAt(3, true);
    assertThatThrownBy(
            () -> {
              for (long id = 0; id < 100_000; id++) {
                load.add(row(id));
              }
            })
        .isInstanceOf(FirnException.Storage.class);
    assertThatThrownBy(() -> load.add(row(1))).isInstanceOf(FirnException.Closed.class);
    io.heal();
    assertThat(db.stats().writable()).isTrue();
    rows.upsert(row(2));
    assertThat(rows.count()).isEqualTo(2);
  }
}
