package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.recovery.Salvage;
import io.firn.store.FaultyIo;
import io.firn.store.Io;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of a damaged database is true, and what does not is named. */
class SalvageTest {

  private static final int DIMENSION = 32;
  private static final int DAMAGES = TestLength.CYCLES;
  private static final long SEED = Long.getLong("firn.test.seed", 1);
  private static final CollectionSpec SPEC =
      CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN).withIndex(4, 16);

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private final Random random = new Random(SEED);
  private final Map<String, Row> model = new TreeMap<>();
  private final Map<String, List<Row>> written = new TreeMap<>();

  /** Two collections with sealed rows, fresh rows, and dead ones of both. */
  @BeforeEach
  void build() {
    try (Database db = Firn.open(directory.resolve("whole"))) {
      for (String name : List.of("a", "b")) {
        Collection rows = db.collection(name, SPEC);
        upsert(rows, 0, 900);
        rows.optimize();
        upsert(rows, 800, 300);
        rows.index("n");
        for (long id = 0; id < 1_000; id += 9) {
          rows.delete(id);
          model.remove(key(name, id));
        }
      }
    }
  }

  private static String key(String collection, long id) {
    return collection + "/" + id;
  }

  private void upsert(Collection rows, long firstId, int count) {
    List<Row> all = new ArrayList<>();
    for (long id = firstId; id < firstId + count; id++) {
      all.add(
          Row.of(id, TestVectors.random(random, DIMENSION), Metadata.of("n", random.nextLong())));
    }
    rows.upsertAll(all);
    for (Row row : all) {
      String key = key(rows.name(), row.longId());
      model.put(key, row);
      written.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
    }
  }

  private Path copy() throws IOException {
    Path copy = directory.resolve("damaged");
    DamageCases.copy(directory.resolve("whole"), copy);
    CrashCheck.delete(directory.resolve("saved"));
    return copy;
  }

  private static Path file(Path database, String ending) throws IOException {
    try (Stream<Path> files = Files.walk(database)) {
      return files.filter(file -> file.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  /** Salvages, checks that all that came out is true, and returns the report. */
  private SalvageReport salvage(Path damaged, String note) throws IOException {
    Map<Path, byte[]> before = files(damaged);
    SalvageReport report = Firn.salvage(damaged, directory.resolve("saved"));
    Map<Path, byte[]> after = files(damaged);
    assertThat(after.keySet()).as(note).isEqualTo(before.keySet());
    before.forEach((path, bytes) ->
        assertThat(Arrays.equals(bytes, after.get(path))).as("%s: %s", note, path).isTrue());
    long found = 0;
    try (Database db = Firn.open(directory.resolve("saved"))) {
      for (String name : db.collections()) {
        for (Row row : SoundDatabase.rows(db.collection(name), note)) {
          requireTrue(key(name, row.longId()), row, report, note);
          found++;
        }
      }
      SoundDatabase.requireVerified(db, note);
    }
    if (found < model.size()) {
      assertThat(report.lost()).as("%s: %d of %d rows", note, found, model.size()).isNotEmpty();
    }
    assertThat(found).as(note).isEqualTo(report.rows());
    return report;
  }

  /** A row that is not the last of its id was written once, and the report says why it may come. */
  private void requireTrue(String key, Row row, SalvageReport report, String note) {
    if (!row.equals(model.get(key))) {
      assertThat(written.get(key)).as(note).contains(row);
      assertThat(report.lost())
          .as(note)
          .anyMatch(lost -> lost.contains("table ids") || lost.contains("last commits"));
    }
  }

  private static Map<Path, byte[]> files(Path database) throws IOException {
    Map<Path, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(database)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(file, Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void everythingComesOutOfAWholeDatabase() throws IOException {
    SalvageReport report = salvage(copy(), "whole");
    assertThat(report.lost()).isEmpty();
    assertThat(report.rows()).isEqualTo(model.size());
    try (Database db = Firn.open(directory.resolve("saved"))) {
      assertThat(db.collection("a").indexes()).containsExactly(List.of("n"));
    }
  }

  @Test
  void oneDamagedBlockCostsOnlyTheRowsInIt() throws IOException {
    Path damaged = copy();
    Path vectors = file(damaged, ".vec");
    flip(vectors, Files.size(vectors) - 20_000, 1); // the first block has the row numbers too
    SalvageReport report = salvage(damaged, "a block");
    int rowsInABlock = (1 << 16) / (DIMENSION * Float.BYTES);
    assertThat(report.lost()).hasSizeBetween(1, rowsInABlock + 1);
    assertThat(report.lost()).allMatch(lost -> lost.contains("row \""));
    assertThat(report.rows() + report.lost().size()).isEqualTo(model.size());
  }

  @Test
  void withoutFormatAndRecordsNothingIsLostButTheyAre() throws IOException {
    Path damaged = copy();
    Files.delete(damaged.resolve("FORMAT"));
    Files.delete(file(damaged, ".records"));
    SalvageReport report = salvage(damaged, "no FORMAT");
    assertThat(report.lost()).hasSize(1).first().asString().contains("FORMAT");
    assertThat(report.rows()).isEqualTo(model.size());
  }

  @ParameterizedTest(name = "for ever {0}")
  @ValueSource(booleans = {false, true})
  void aSalvageThatFailsLeavesNothing(boolean forever) throws IOException {
    int stride = DAMAGES >= 50 ? 1 : 7;
    int faults = 0;
    boolean done = false;
    for (int n = 1; !done; n += stride) {
      Path damaged = copy();
      var io = new FaultyIo(Io.system());
      io.failAt(n, forever);
      String note = "call %d, for ever %s".formatted(n, forever);
      try {
        SalvageReport report = Salvage.run(damaged, directory.resolve("saved"), io);
        done = io.calls() < n;
        if (done) {
          assertThat(report.lost()).as(note).isEmpty();
        }
        requireSaved(report, note);
      } catch (FirnException e) {
        faults++;
        assertThat(e).as(note).hasMessageContaining("must");
        if (Files.exists(directory.resolve("saved"))) { // only the force of its name failed
          requireSaved(Salvage.run(damaged, directory.resolve("again"), Io.system()), note);
          CrashCheck.delete(directory.resolve("again"));
        } else if (!forever) {
          assertThat(remains()).as(note).isEmpty();
        }
      }
    }
    assertThat(faults).isGreaterThan(5);
    assertThat(remains()).as("after the next salvage").isEmpty();
  }

  /** What is there under its name is all that came out. */
  private void requireSaved(SalvageReport report, String note) {
    try (Database db = Firn.open(directory.resolve("saved"))) {
      long rows = db.collections().stream().mapToLong(name -> db.collection(name).count()).sum();
      assertThat(rows).as(note).isEqualTo(report.rows());
      SoundDatabase.requireVerified(db, note);
    }
  }

  private List<Path> remains() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains(".tmp-")).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"data.mdb", ".vec", "FORMAT"})
  void whateverIsDamagedWhatComesOutIsTrue(String file) throws IOException {
    long saved = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Path damaged = copy();
      Path path = file(damaged, file);
      String note = "seed %d, damage %d of %s".formatted(SEED, i, file) + damage(path);
      try {
        saved += salvage(damaged, note).rows();
      } catch (FirnException.Corrupt e) {
        assertThat(e).as(note).hasMessageContaining("data.mdb"); // not even its first pages
      }
    }
    assertThat(saved).isPositive();
  }

  private String damage(Path file) throws IOException {
    long size = Files.size(file);
    long at = random.nextLong(size);
    return switch (random.nextInt(6)) {
      case 0 -> {
        try (var open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(at);
        }
        yield " cut at " + at;
      }
      case 1 -> {
        for (long i = at; i < Math.min(size, at + 4_096); i++) {
          flip(file, i, 1 + random.nextInt(255));
        }
        yield " a page at " + at;
      }
      default -> {
        for (int i = 0; i < 10; i++) {
          flip(file, random.nextLong(size), 1 << random.nextInt(8));
        }
        yield " ten bits";
      }
    };
  }

  private static void flip(Path file, long at, int bits) throws IOException {
    try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ bits);
    }
  }

  @Test
  void nothingIsReplaced() throws IOException {
    Path damaged = copy();
    assertThatThrownBy(() -> Firn.salvage(damaged, directory.resolve("whole")))
        .isInstanceOf(FirnException.InvalidInput.class);
    assertThatThrownBy(() -> Firn.salvage(directory.resolve("none"), directory.resolve("saved")))
        .isInstanceOf(FirnException.NotFound.class);
    assertThat(directory.resolve("saved")).doesNotExist();
  }
}
