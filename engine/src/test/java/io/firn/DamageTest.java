package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every file of a closed database damaged in every way: the answers stay the same, or what is
 * derived is built again and said so, or an exception names the file, or verify does. In processes
 * of their own, which must not crash.
 */
class DamageTest {

  private static final int RANDOM_DAMAGES =
      TestLength.ALL ? 29 * TestLength.CYCLES : TestLength.CYCLES / 2; // of each file

  private static final String FINE = "\\S+ \\S+: (same|rebuilt|verify|refused).*";

  @TempDir(factory = MemoryDisk.class)
  static Path directory;

  @BeforeAll
  static void makeDatabases() throws IOException {
    build(directory.resolve("db"), 1, directory.resolve("older"));
    build(directory.resolve("other"), 2, directory.resolve("unused"));
  }

  /** A segment, fresh rows with a checkpoint, dead rows in both; a copy of it half-way. */
  private static void build(Path path, long seed, Path halfWay) throws IOException {
    var random = new Random(seed);
    for (int stage = 0; stage < 2; stage++) {
      try (Database db = Firn.open(path)) {
        Collection rows = db.collection("rows", DamageCases.SPEC);
        upsert(rows, random, 1_000L * stage, 600);
        rows.optimize();
        upsert(rows, random, 5_000 + 2_000L * stage, 1_010);
        int from = 500 * stage;
        db.write(tx -> {
          for (long id = from; id < from + 40; id++) {
            tx.delete(rows, id);
            tx.delete(rows, 5_000 + id);
          }
        });
        db.flush();
      }
      if (stage == 0) {
        DamageCases.copy(path, halfWay);
      }
    }
  }

  private static void upsert(Collection rows, Random random, long firstId, int count) {
    List<Row> all =
        TestVectors.clustered(random, count, DamageCases.DIMENSION).stream()
            .map(row ->
                Row.of(firstId + row.longId(), row.vector(), Metadata.of("n", random.nextLong())))
            .toList();
    rows.upsertAll(all);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORMAT,LOCK,lock.mdb", "data.mdb", ".vec,.records", ".ids,.ckpt"})
  void damageIsRefusedRepairedOrNamed(String files) throws Exception {
    ChildProcess.Result result =
        ChildProcess.run(DamageCases.class, directory, files, RANDOM_DAMAGES);
    String all = String.join("\n", result.lines());
    assertThat(result.exitCode()).as(all + "\n" + result.errors()).isZero();
    assertThat(result.lines()).hasSize(files.split(",", -1).length * (9 + RANDOM_DAMAGES));
    assertThat(result.lines()).as("cases and their outcomes").allMatch(line -> line.matches(FINE));
    try (Database db = Firn.open(directory.resolve("db"))) {
      assertThat(db.recovery().rebuilt()).isEmpty();
      SoundDatabase.rows(db.collection("rows"), "the undamaged one");
      SoundDatabase.requireVerified(db, "the undamaged one");
    }
  }

  /** Without this, the test above might see no damage at all. */
  @Test
  void anEngineThatBelievesWhatItReadsIsCaught() throws Exception {
    ChildProcess.Result result =
        ChildProcess.run(DamageCases.class, directory, ".vec", 20, DamageCases.CREDULOUS);
    assertThat(result.lines()).as(result.errors()).anyMatch(line -> line.contains("WRONG"));
  }

  @Test
  void newerFormatIsRefusedNamingBothVersions() throws IOException {
    Path newer = directory.resolve("newer");
    DamageCases.copy(directory.resolve("db"), newer);
    Path format = newer.resolve("FORMAT");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(format)).order(ByteOrder.LITTLE_ENDIAN);
    short major = bytes.getShort(8);
    bytes.putShort(8, (short) (major + 1));
    var crc = new CRC32C();
    crc.update(bytes.slice(0, 124));
    bytes.putInt(124, (int) crc.getValue());
    Files.write(format, bytes.array());

    assertThatThrownBy(() -> Firn.open(newer))
        .isInstanceOf(FirnException.Unsupported.class)
        .hasMessageContaining((major + 1) + ".0")
        .hasMessageContaining(major + ".0");
    bytes.putShort(8, major);
    crc.reset();
    crc.update(bytes.slice(0, 124));
    bytes.putInt(124, (int) crc.getValue());
    Files.write(format, bytes.array());
    Firn.open(newer).close();
  }

  @Test
  void whatIsNoDatabaseIsLeftAlone() throws IOException {
    Path foreign = directory.resolve("foreign");
    Files.createDirectories(foreign.resolve("meta"));
    Path precious = Files.writeString(foreign.resolve("meta/data.mdb"), "mine");
    assertThatThrownBy(() -> Firn.open(foreign))
        .isInstanceOf(FirnException.Corrupt.class)
        .hasMessageContaining("foreign");
    assertThat(precious).hasContent("mine");
    assertThat(foreign).isDirectoryNotContaining("glob:**/LOCK");
    Path file = Files.writeString(directory.resolve("plain-file"), "mine");
    assertThatThrownBy(() -> Firn.open(file))
        .isInstanceOf(FirnException.class)
        .hasMessageContaining("plain-file");
    assertThatThrownBy(() -> Firn.open(file.resolve("below")))
        .isInstanceOf(FirnException.class)
        .hasMessageContaining("plain-file");
    assertThat(file).hasContent("mine");
  }

  @Test
  void missingRightsAreNamed() throws IOException {
    assumeThat(System.getProperty("user.name")).as("root may do everything").isNotEqualTo("root");
    Path closed = directory.resolve("closed");
    DamageCases.copy(directory.resolve("db"), closed);
    try (Stream<Path> files = Files.walk(closed)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        var rights = Files.getPosixFilePermissions(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assertThatThrownBy(() -> Firn.open(closed)).isInstanceOf(FirnException.class);
        Files.setPosixFilePermissions(file, rights);
      }
    }
    Firn.open(closed).close();
  }
}
