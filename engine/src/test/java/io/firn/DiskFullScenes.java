package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happens on a small file system that fills up; each scene in a process of its own. */
final class DiskFullScenes {

  private static final int PAGE_BYTES = 4_096;
  private static final int DIMENSION = 32;
  private static final int BATCH_ROWS = 100;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(8, 32);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);

  private final Path mount;
  private final Path path;
  private final Path ballast;
  private final List<List<Row>> acknowledged = new ArrayList<>();

  private DiskFullScenes(Path mount) {
    this.mount = mount;
    this.path = mount.resolve("db");
    this.ballast = mount.resolve("ballast");
  }

  public static void main(String[] arguments) throws Exception {
    var scenes = new DiskFullScenes(Path.of(arguments[0]));
    switch (arguments[1]) {
      case "write" -> scenes.writeUntilFull();
      case "optimize" -> scenes.optimizeWhileFull();
      case "bulk" -> scenes.bulkLoadWhileFull();
      case "close" -> scenes.closeWhileFull();
      case "create" -> scenes.createWhileFull();
      case "open" -> scenes.openWhileFull();
      case "merge" -> scenes.mergeWhileFull();
      case "index" -> scenes.indexWhileFull();
      case "backup" -> new DiskFullCopies(scenes).backup();
      case "restore" -> new DiskFullCopies(scenes).restore();
      case "salvage" -> new DiskFullCopies(scenes).salvage();
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    System.out.println("done");
  }

  Path mount() {
    return mount;
  }

  Path path() {
    return path;
  }

  /** Opens, with the collection that all rows are in. */
  Database open() {
    Database db = Firn.open(path, OPTIONS);
    db.collection("rows", SPEC);
    return db;
  }

  /** Gives all space back. */
  void empty() throws IOException {
    Files.deleteIfExists(ballast);
  }

  /** Fills the disk but for some pages. */
  void fill(int freePages) throws IOException {
    empty();
    try (FileChannel file =
        FileChannel.open(ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer page = ByteBuffer.allocate(PAGE_BYTES);
      try {
        while (file.write(page.clear()) == PAGE_BYTES) {
          assertThat(file.size()).isLessThan(1 << 28);
        }
      } catch (IOException full) {
        file.truncate(Math.max(0, file.size() / PAGE_BYTES - freePages) * PAGE_BYTES);
      }
    }
  }

  private List<Row> batch(int number) {
    var random = new Random(number);
    return IntStream.range(0, BATCH_ROWS)
        .mapToObj(i ->
            Row.of(
                (long) number * BATCH_ROWS + i,
                TestVectors.random(random, DIMENSION),
                Metadata.of("batch", number)))
        .toList();
  }

  void write(Collection rows, int batches) {
    for (int i = 0; i < batches; i++) {
      List<Row> batch = batch(acknowledged.size());
      rows.upsertAll(batch);
      acknowledged.add(batch);
    }
  }

  /** Checks that the acknowledged batches are there, and nothing but the one after them, whole. */
  void requireAcknowledged(Collection rows, String note) {
    List<Row> found = SoundDatabase.rows(rows, note);
    List<Row> expected = acknowledged.stream().flatMap(List::stream).toList();
    if (found.size() != expected.size()) {
      acknowledged.add(batch(acknowledged.size()));
      expected = acknowledged.stream().flatMap(List::stream).toList();
    }
    assertThat(byId(found)).as(note).isEqualTo(byId(expected)); // each id is there once
  }

  private static Map<String, Row> byId(List<Row> rows) {
    return rows.stream().collect(Collectors.toMap(Row::id, row -> row));
  }

  void requireWritesAgain() throws IOException {
    Files.deleteIfExists(ballast);
    try (Database db = Firn.open(path, OPTIONS)) {
      Collection rows = db.collection("rows");
      requireAcknowledged(rows, "with space again");
      write(rows, 3);
      rows.optimize();
      requireAcknowledged(rows, "after writing again");
      SoundDatabase.requireVerified(db, "after writing again");
    }
  }

  static void requireStorage(@Nullable FirnException e) {
    assertThat(e).isInstanceOf(FirnException.Storage.class);
    assertThat(e).hasMessageContaining("must");
  }

  private void writeUntilFull() throws Exception {
    FirnException failure = null;
    try (Database db = Firn.open(path, OPTIONS)) {
      Collection rows = db.collection("rows", SPEC);
      write(rows, 5);
      fill(500);
      while (failure == null) {
        failure = attempt(() -> write(rows, 1));
      }
      requireStorage(failure);
      assertThat(db.stats().writable()).isFalse();
      requireStorage(attempt(() -> rows.upsert(batch(99_999).getFirst())));
      requireStorage(attempt(() -> rows.delete(1)));
      requireStorage(attempt(() -> db.collection("new", SPEC)));
      requireStorage(attempt(() -> db.collection("new", SPEC)));
      assertThat(db.collections()).containsExactly("rows");
      requireStorage(attempt(db::flush));
      requireStorage(attempt(rows::optimize));
      requireAcknowledged(rows, "while full");
      readFromManyThreads(rows);
      db.stats();
    }
    FirnException refused = attempt(() -> Firn.open(path, OPTIONS).close());
    if (refused != null) {
      requireStorage(refused);
    }
    requireWritesAgain();
  }

  private static void readFromManyThreads(Collection rows) throws Exception {
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 120; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                try (Stream<Row> scan = rows.scan()) {
                  assertThat(scan.count()).isEqualTo(rows.count());
                } catch (Throwable e) {
                  failures.add(e);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  static @Nullable FirnException attempt(Runnable call) {
    try {
      call.run();
      return null;
    } catch (FirnException e) {
      return e;
    }
  }

  /** With less and less space, so that each file of a segment is once the one that fails. */
  private void optimizeWhileFull() throws Exception {
    int failed = 0;
    boolean tidy = true;
    for (int freePages : new int[] {250, 200, 150, 120, 100, 80, 60, 40, 20, 10, 4, 2, 1, 0}) {
      Files.deleteIfExists(ballast);
      try (Database db = Firn.open(path, OPTIONS)) {
        Collection rows = db.collection("rows", SPEC);
        if (tidy) { // a failed seal leaves no files, and so no less space; a failed commit may
          assertThat(db.recovery().trashed()).isEmpty();
        }
        write(rows, 3);
        db.flush();
        fill(freePages);
        FirnException refused = attempt(rows::optimize);
        if (refused != null) {
          failed++;
          requireStorage(refused);
        }
        requireAcknowledged(rows, freePages + " pages free");
        tidy = db.stats().writable();
      }
    }
    assertThat(failed).isPositive();
    requireWritesAgain();
  }

  /** With less and less space, so that each file of a load is once the one that fails. */
  private void bulkLoadWhileFull() throws Exception {
    int failed = 0;
    boolean tidy = true;
    for (int freePages : new int[] {400, 250, 200, 150, 60, 10, 0}) {
      Files.deleteIfExists(ballast);
      try (Database db = Firn.open(path, OPTIONS)) {
        Collection rows = db.collection("rows", SPEC);
        if (tidy) { // a load that ended before its commit leaves no files
          assertThat(db.recovery().trashed()).isEmpty();
        }
        write(rows, 2);
        rows.optimize();
        fill(freePages);
        FirnException refused = attempt(() -> load(rows, 8));
        if (refused == null) {
          for (int i = 0; i < 8; i++) {
            acknowledged.add(batch(acknowledged.size()));
          }
        } else {
          failed++;
          requireStorage(refused);
        }
        requireAcknowledged(rows, freePages + " pages free");
        tidy = db.stats().writable();
      }
    }
    assertThat(failed).isPositive();
    requireWritesAgain();
  }

  private void load(Collection rows, int batches) {
    try (BulkLoad load = rows.bulk()) {
      for (int i = 0; i < batches; i++) {
        batch(acknowledged.size() + i).forEach(load::add);
      }
      load.commit();
    }
  }

  /** The merge waits for space, and nobody for the merge. */
  private void mergeWhileFull() throws Exception {
    for (int freePages : new int[] {120, 10, 0}) {
      try (Database db = open()) {
        db.pauseMerges();
        Collection rows = db.collection("rows");
        write(rows, 31); // three segments and a bit
        db.flush();
        fill(freePages);
        db.resumeMerges();
        db.awaitMerges();
        requireAcknowledged(rows, freePages + " pages free");
        assertThat(db.engine().merges()).as("%d pages free", freePages).isZero();
        assertThat(db.stats().writable()).isTrue();
        empty();
      }
    }
    requireWritesAgain();
  }

  /** An index is there and true, or not there. */
  private void indexWhileFull() throws Exception {
    int failed = 0;
    for (int freePages : new int[] {300, 40, 20, 10, 4, 2, 1, 0}) {
      empty();
      try (Database db = open()) {
        Collection rows = db.collection("rows");
        rows.dropIndex("batch");
        write(rows, 3);
        fill(freePages);
        FirnException refused = attempt(() -> rows.index("batch"));
        FirnException kept = attempt(() -> rows.dropIndex("batch"));
        for (FirnException e : new FirnException[] {refused, kept}) {
          if (e != null) {
            failed++;
            requireStorage(e);
          }
        }
        requireAcknowledged(rows, freePages + " pages free");
      }
      empty();
      try (Database db = open()) {
        requireAcknowledged(db.collection("rows"), "reopened, " + freePages + " pages free");
        SoundDatabase.requireVerified(db, "reopened, " + freePages + " pages free");
      }
    }
    assertThat(failed).isPositive();
    requireWritesAgain();
  }

  private void closeWhileFull() throws Exception {
    Options large = Options.DEFAULT;
    for (int freePages = 0; freePages < 6; freePages++) {
      Files.deleteIfExists(ballast);
      try (Database db = Firn.open(path, large)) {
        Collection rows = db.collection("rows", SPEC);
        write(rows, 12); // enough for a checkpoint
        fill(freePages);
      }
      try (Database db = Firn.open(path, large)) {
        requireAcknowledged(db.collection("rows"), "reopened, " + freePages + " pages free");
      }
    }
    requireWritesAgain();
  }

  private void createWhileFull() throws Exception {
    int refused = 0;
    for (int freePages = 0; freePages < 24; freePages++) {
      fill(freePages);
      Path created = mount.resolve("created" + freePages);
      FirnException failure =
          attempt(() -> {
            try (Database db = Firn.open(created, OPTIONS)) {
              assertThat(db.collections()).isEmpty();
            }
          });
      if (failure != null) {
        refused++;
        requireStorage(failure);
      }
      Files.delete(ballast);
      try (Database db = Firn.open(created, OPTIONS)) {
        db.collection("rows", SPEC).upsertAll(batch(1));
        SoundDatabase.requireVerified(db, "created with " + freePages + " pages free");
      }
    }
    assertThat(refused).isPositive();
    try (Stream<Path> children = Files.list(mount)) {
      assertThat(children).noneMatch(child -> child.toString().contains(".tmp-"));
    }
  }

  /** A restored backup has no lock file of LMDB's, which is mapped and written in place. */
  private void openWhileFull() throws Exception {
    try (Database db = Firn.open(path, OPTIONS)) {
      write(db.collection("rows", SPEC), 12);
      db.flush();
    }
    for (int freePages = 0; freePages < 12; freePages++) {
      Files.deleteIfExists(path.resolve("meta/lock.mdb"));
      fill(freePages);
      String note = freePages + " pages free";
      FirnException failure =
          attempt(() -> {
            try (Database db = Firn.open(path, OPTIONS)) {
              requireAcknowledged(db.collection("rows"), note);
              readFromManyThreads(db.collection("rows"));
            } catch (FirnException e) {
              throw e;
            } catch (Exception e) {
              throw new AssertionError(note, e);
            }
          });
      if (failure != null) {
        requireStorage(failure);
      }
    }
    assertThatThrownBy(() -> Firn.open(path.resolve("FORMAT"))).isInstanceOf(FirnException.class);
    requireWritesAgain();
  }
}
