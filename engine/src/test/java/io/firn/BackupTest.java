package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.recovery.Restoring;
import io.firn.store.FaultyIo;
import io.firn.store.Io;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backup made while the database is written to, and the way back. */
class BackupTest {

  private static final int DIMENSION = 8;
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);
  private static final Options OPTIONS = Options.DEFAULT.withSealRows(1_000);

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private final AtomicLong written = new AtomicLong(); // transactions acknowledged

  private Database open(String name) {
    return Firn.open(directory.resolve(name), OPTIONS);
  }

  /** Each transaction writes the same rows to both collections, so a torn copy shows. */
  private void write(Database db, AtomicBoolean stop) {
    var random = new Random(1);
    Collection left = db.collection("left", SPEC);
    Collection right = db.collection("right", SPEC);
    while (!stop.get()) {
      db.write(tx -> {
        for (int i = 0; i < 20; i++) {
          Row row = row(random, random.nextInt(3_000));
          tx.upsert(left, row);
          tx.upsert(right, row);
        }
      });
      written.incrementAndGet();
    }
  }

  private static Row row(Random random, long id) {
    return Row.of(id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong()));
  }

  private static List<Row> sorted(Database db, String collection) {
    try (Stream<Row> rows = db.collection(collection).scan()) {
      return rows.sorted(java.util.Comparator.comparingLong(Row::longId)).toList();
    }
  }

  @ParameterizedTest(name = "by links {0}")
  @ValueSource(booleans = {false, true})
  void backupUnderLoadIsOneMomentOfTheDatabase(boolean links) throws Exception {
    var stop = new AtomicBoolean();
    try (Database db = open("db")) {
      Thread writer = Thread.ofPlatform().start(() -> write(db, stop));
      for (int i = 0; i < 3; i++) {
        long before = written.get();
        while (written.get() < before + 60) { // so that there is something to copy, seal and drop
          Thread.sleep(2);
        }
        db.collection("left").optimize();
        Path target = directory.resolve("backup" + i);
        BackupReport report = links ? db.backupByLinks(target) : db.backup(target);
        assertThat(report.files()).isPositive();
      }
      stop.set(true);
      writer.join();
      SoundDatabase.requireVerified(db, "the original");
      requireNoLeftovers();
    }
    int rows = 0;
    for (int i = 0; i < 3; i++) {
      try (Database backup = open("backup" + i)) {
        assertThat(backup.recovery().rebuilt()).isEmpty();
        assertThat(sorted(backup, "left")).isEqualTo(sorted(backup, "right"));
        assertThat(backup.collection("left").count()).isGreaterThanOrEqualTo(rows);
        rows = (int) backup.collection("left").count();
        SoundDatabase.rows(backup.collection("left"), "backup " + i);
        SoundDatabase.requireVerified(backup, "backup " + i);
      }
    }
  }

  private void requireNoLeftovers() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(Path::toString)).noneMatch(file -> file.contains(".tmp-"));
    }
  }

  @Test
  void backupHasEverythingWrittenBeforeInEveryDurability() {
    Options lazy = OPTIONS.withDurability(Durability.interval(java.time.Duration.ofMinutes(30)));
    try (Database db = Firn.open(directory.resolve("db"), lazy)) {
      db.collection("rows", SPEC).upsert(row(new Random(1), 5));
      db.backup(directory.resolve("backup"));
    }
    try (Database backup = open("backup")) {
      assertThat(backup.collection("rows").count()).isEqualTo(1);
    }
  }

  @Test
  void backupIsCompactAndIndependent() {
    try (Database db = open("db")) {
      var random = new Random(2);
      Collection rows = db.collection("rows", SPEC);
      for (int round = 0; round < 20; round++) {
        rows.upsertAll(Stream.generate(() -> row(random, random.nextInt(900))).limit(900).toList());
      }
      rows.optimize();
      long count = rows.count();
      db.backup(directory.resolve("backup"));
      rows.upsert(row(random, 10_000));
      try (Database backup = open("backup")) {
        assertThat(backup.stats().lmdbBytes()).isLessThan(db.stats().lmdbBytes() / 2);
        backup.collection("rows").upsert(row(random, 20_000));
        assertThat(backup.collection("rows").count()).isEqualTo(count + 1);
        SoundDatabase.requireVerified(backup, "backup");
      }
      assertThat(rows.get(20_000)).isEmpty();
      SoundDatabase.requireVerified(db, "original");
    }
  }

  @Test
  void nothingIsReplacedByABackup() throws IOException {
    Path mine = Files.createDirectories(directory.resolve("mine"));
    Files.writeString(mine.resolve("precious"), "mine");
    try (Database db = open("db")) {
      assertThatThrownBy(() -> db.backup(directory.resolve("db/seg/inside")))
          .isInstanceOf(FirnException.Storage.class)
          .hasMessageContaining("outside");
      assertThatThrownBy(() -> db.backup(mine))
          .isInstanceOf(FirnException.Storage.class)
          .hasMessageContaining("empty");
    }
    assertThat(mine.resolve("precious")).hasContent("mine");
    requireNoLeftovers();
    try (Database memory = Firn.inMemory()) {
      assertThatThrownBy(() -> memory.backup(directory.resolve("none")))
          .isInstanceOf(FirnException.InvalidInput.class);
    }
  }

  /** A database with a sealed segment, fresh rows and metadata; returns what is in it. */
  private List<Row> prepare(Database db) {
    var random = new Random(3);
    Collection rows = db.collection("rows", SPEC);
    rows.upsertAll(Stream.iterate(0, i -> i + 1).limit(500).map(i -> row(random, i)).toList());
    rows.optimize();
    rows.upsert(
        Row.of(501, TestVectors.random(random, DIMENSION), Metadata.of("text", "precious")));
    return sorted(db, "rows");
  }

  private static void flip(Path file, long at) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) { // in place: it may be mapped
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 4);
    }
  }

  private Path segment(String database, String kind) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(database).resolve("seg"))) {
      return files.filter(file -> file.toString().endsWith(kind)).findFirst().orElseThrow();
    }
  }

  private static int indexOf(Path file, String text) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).indexOf(text);
  }

  @Test
  void restoreRefusesABackupWithADamagedByteInAnyFile() throws IOException {
    try (Database db = open("db")) {
      prepare(db);
      for (String kind : List.of("vec", "records", "meta", "FORMAT")) {
        db.backup(directory.resolve(kind));
      }
    }
    flip(segment("vec", ".vec"), Files.size(segment("vec", ".vec")) - 200);
    flip(segment("records", ".records"), 5_000);
    Path meta = directory.resolve("meta/meta/data.mdb");
    flip(meta, indexOf(meta, "precious"));
    flip(directory.resolve("FORMAT/FORMAT"), 20);
    for (String kind : List.of("vec", "records", "meta", "FORMAT")) {
      assertThatThrownBy(() -> Firn.restore(directory.resolve(kind), directory.resolve("restored")))
          .as(kind)
          .isInstanceOf(FirnException.Corrupt.class)
          .hasMessageContaining(directory.resolve(kind).toString());
      assertThat(directory.resolve("restored")).as(kind).doesNotExist();
    }
    requireNoLeftovers();
  }

  @Test
  void restoreBringsEverythingBackAndLeavesTheBackupAsItIs() throws IOException {
    List<Row> expected;
    try (Database db = open("db")) {
      expected = prepare(db);
      db.backup(directory.resolve("backup"));
    }
    Map<Path, byte[]> before = files("backup");
    VerifyReport report = Firn.restore(directory.resolve("backup"), directory.resolve("restored"));
    assertThat(report.rows()).isEqualTo(expected.size());
    try (Database restored = open("restored")) {
      assertThat(restored.recovery().rebuilt()).isEmpty();
      assertThat(sorted(restored, "rows")).isEqualTo(expected);
    }
    Map<Path, byte[]> after = files("backup");
    assertThat(after.keySet()).isEqualTo(before.keySet());
    before.forEach((path, bytes) -> assertThat(after.get(path)).as("%s", path).isEqualTo(bytes));

    assertThatThrownBy(
            () -> Firn.restore(directory.resolve("backup"), directory.resolve("restored")))
        .as("replaces nothing")
        .isInstanceOf(FirnException.Storage.class);
    try (Database inUse = open("backup")) {
      assertThat(inUse.collections()).containsExactly("rows");
      assertThatThrownBy(
              () -> Firn.restore(directory.resolve("backup"), directory.resolve("other")))
          .isInstanceOf(FirnException.Locked.class);
    }
  }

  @Test
  void everyFailingCallOfARestoreLeavesAllOrNothing() throws IOException {
    List<Row> expected;
    try (Database db = open("db")) {
      expected = prepare(db);
      db.backup(directory.resolve("backup"));
    }
    Path target = directory.resolve("restored");
    int faults = 0;
    for (boolean done = false; !done; faults++) {
      var io = new FaultyIo(Io.system());
      io.failAt(1 + 3 * faults, false);
      try {
        Restoring.run(directory.resolve("backup"), target, io);
        done = io.calls() < 1 + 3 * faults;
      } catch (FirnException e) {
        assertThat(e).hasMessageContaining("must");
      }
      if (Files.exists(target)) {
        try (Database restored = open("restored")) {
          assertThat(sorted(restored, "rows")).as("call %d", 1 + 3 * faults).isEqualTo(expected);
        }
        CrashCheck.delete(target);
      }
    }
    assertThat(faults).isGreaterThan(10);
  }

  /** Everything but who had it open. */
  private Map<Path, byte[]> files(String database) throws IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory.resolve(database))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("LOCK")) {
          files.put(file, Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  @Test
  void backupOfDamagedVectorsIsRefusedAndOfDamagedRecordsDoesWithoutThem() throws IOException {
    List<Row> expected;
    try (Database db = open("db")) {
      expected = prepare(db);
      flip(segment("db", ".records"), 5_000);
      db.backup(directory.resolve("backup"));
      flip(segment("db", ".vec"), Files.size(segment("db", ".vec")) - 200);
      assertThatThrownBy(() -> db.backup(directory.resolve("none")))
          .isInstanceOf(FirnException.Corrupt.class)
          .hasMessageContaining(segment("db", ".vec").toString());
      assertThat(directory.resolve("none")).doesNotExist();
    }
    Firn.restore(directory.resolve("backup"), directory.resolve("restored"));
    try (Database restored = open("restored")) {
      assertThat(sorted(restored, "rows")).isEqualTo(expected);
      SoundDatabase.requireVerified(restored, "restored without records");
    }
  }

  @Test
  void onlyTheNewestBackupsOfADatabaseAreKept() throws IOException {
    Path backups = directory.resolve("backups");
    Path stranger = Files.createDirectories(backups.resolve("20010101T000000000Z"));
    try (Database other = open("other");
        Database db = open("db")) {
      Path others = other.backupInto(backups, 1, false).path();
      prepare(db);
      Path first = db.backupInto(backups, 2, false).path();
      Path second = db.backupInto(backups, 2, true).path();
      try (Database inUse = Firn.open(first)) {
        Path third = db.backupInto(backups, 2, false).path();
        Path fourth = db.backupInto(backups, 2, false).path();
        assertThat(inUse.collections()).containsExactly("rows");
        assertThat(list(backups)).containsExactly(stranger, others, first, third, fourth);
        assertThat(second).doesNotExist();
      }
      Path last = db.backupInto(backups, 1, false).path();
      assertThat(list(backups)).containsExactly(stranger, others, last);
      assertThatThrownBy(() -> db.backupInto(backups, 0, false))
          .isInstanceOf(FirnException.InvalidInput.class);
    }
  }

  private static List<Path> list(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.sorted().toList();
    }
  }
}
