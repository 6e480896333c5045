package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseDirectoryTest {

  @TempDir Path temp;
  private Path path;

  @BeforeEach
  void name() {
    path = temp.resolve("library");
  }

  private DatabaseDirectory open() throws IOException {
    return DatabaseDirectory.open(path, true, Io.system());
  }

  private UUID create() throws IOException {
    try (DatabaseDirectory directory = open()) {
      return directory.databaseId();
    }
  }

  private void overwriteFormat(int at, byte[] bytes, boolean fixChecksum) throws IOException {
    Path format = path.resolve("FORMAT");
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(format)).order(ByteOrder.LITTLE_ENDIAN);
    all.put(at, bytes);
    if (fixChecksum) {
      all.putInt(124, Checksums.crc32c(all.array(), 0, 124));
    }
    Files.write(format, all.array());
  }

  @Test
  void createsEverythingAndNothingElse() throws IOException {
    create();

    try (Stream<Path> files = Files.walk(temp)) {
      assertThat(files.map(file -> temp.relativize(file).toString()).sorted())
          .containsExactly(
              "",
              "library",
              "library/FORMAT",
              "library/LOCK",
              "library/meta",
              "library/meta/data.mdb",
              "library/meta/lock.mdb",
              "library/seg",
              "library/trash");
    }
  }

  @Test
  void belongsToItsOwnerOnly() throws IOException {
    create();

    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .as(file.toString())
            .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void keepsItsIdentity() throws IOException {
    assertThat(create()).isEqualTo(create());
  }

  @Test
  void takesAnEmptyDirectory() throws IOException {
    Files.createDirectory(path);

    assertThat(create()).isEqualTo(create());
  }

  @Test
  void createsOnlyOnRequest() {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> DatabaseDirectory.open(path, false, Io.system()))
        .withMessageContaining("there is no database");
    assertThat(path).doesNotExist();
  }

  @Test
  void refusesADirectoryOfOtherFiles() throws IOException {
    Files.createDirectory(path);
    Files.writeString(path.resolve("thesis.txt"), "mine");

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .withMessageContaining("a directory of other files");
    assertThat(path.resolve("LOCK")).doesNotExist();
  }

  @Test
  void refusesAFile() throws IOException {
    Files.writeString(path, "mine");

    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    assertThat(path).hasContent("mine");
  }

  @Test
  void refusesANewerMajorVersionAndNamesBoth() throws IOException {
    create();
    overwriteFormat(8, new byte[] {2, 0, 7, 0}, true);

    assertThatExceptionOfType(FormatVersionException.class)
        .isThrownBy(this::open)
        .withMessageContaining("at most 1.0 but is 2.7")
        .matches(e -> e.found().equals("2.7") && e.supported().equals("1.0"));
  }

  @Test
  void opensANewerMinorVersion() throws IOException {
    UUID id = create();
    overwriteFormat(10, new byte[] {9, 0}, true);

    assertThat(create()).isEqualTo(id);
  }

  @Test
  void refusesAFlagItDoesNotKnow() throws IOException {
    create();
    overwriteFormat(12, new byte[] {1}, true);

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.field().equals("flags"));
  }

  @Test
  void refusesEveryFlippedBitOfFormat() throws IOException {
    create();
    byte[] good = Files.readAllBytes(path.resolve("FORMAT"));
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] flipped = good.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(path.resolve("FORMAT"), flipped);

      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(this::open)
          .matches(e -> e.file().equals(path.resolve("FORMAT")));
    }
    Files.write(path.resolve("FORMAT"), good);
    create();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 64, 127, 129})
  void refusesFormatOfAnyOtherLength(int length) throws IOException {
    create();
    byte[] good = Files.readAllBytes(path.resolve("FORMAT"));
    Files.write(path.resolve("FORMAT"), java.util.Arrays.copyOf(good, length));

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.field().equals("file size"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"FORMAT", "LOCK"})
  void followsNoLink(String name) throws IOException {
    create();
    Path elsewhere = temp.resolve("elsewhere");
    Files.move(path.resolve(name), elsewhere);
    Files.createSymbolicLink(path.resolve(name), elsewhere);
    byte[] before = Files.readAllBytes(elsewhere);

    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    assertThat(elsewhere).hasBinaryContent(before);
  }

  @Test
  void sweepsCreationsThatNeverFinished() throws IOException {
    Path abandoned = temp.resolve("library.tmp-" + UUID.randomUUID());
    Files.createDirectories(abandoned.resolve("meta"));
    Files.writeString(abandoned.resolve("meta/data.mdb"), "half");
    Files.writeString(abandoned.resolve("LOCK"), "");
    Path other = temp.resolve("library.tmp-notes");
    Files.createDirectory(other);

    create();

    assertThat(abandoned).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void leavesARunningCreationAlone() throws IOException {
    Path running = temp.resolve("library.tmp-" + UUID.randomUUID());
    Files.createDirectory(running);
    try (var lock = Io.system().tryLock(running.resolve("LOCK"), LockHolder.self().encode())) {
      assertThat(lock).isNotNull();

      create();

      assertThat(running).exists();
    }
  }

  @Test
  void movesOrphansToTrashAndEmptiesIt() throws IOException {
    try (DatabaseDirectory directory = open()) {
      Path kept = directory.segmentPath("vec", 1);
      Path orphan = directory.segmentPath("vec", 2);
      Path unfinished = path.resolve("seg/00000003.vec.tmp");
      for (Path file : List.of(kept, orphan, unfinished)) {
        Files.writeString(file, "x");
      }

      assertThat(directory.moveOrphansToTrash(Set.of(kept))).containsExactly(orphan, unfinished);
      Files.writeString(orphan, "again");
      assertThat(directory.moveOrphansToTrash(Set.of(kept))).containsExactly(orphan);

      assertThat(kept).exists();
      assertThat(path.resolve("trash/00000002.vec")).hasContent("x");
      assertThat(path.resolve("trash/00000002.vec.1")).hasContent("again");
      assertThat(directory.emptyTrash()).isEqualTo(3);
      assertThat(path.resolve("trash")).isEmptyDirectory();
    }
  }

  @Test
  void namesSegmentFilesByNumberAndKind() throws IOException {
    try (DatabaseDirectory directory = open()) {
      assertThat(directory.segmentPath("graph", 0xabc))
          .isEqualTo(path.resolve("seg/00000abc.graph"));
      for (String bad : List.of("", "VEC", "../x", "toolongkind", "a.b")) {
        assertThatIllegalArgumentException().isThrownBy(() -> directory.segmentPath(bad, 1));
      }
      assertThatIllegalArgumentException().isThrownBy(() -> directory.segmentPath("vec", -1));
    }
  }

  @Test
  void refusesUseAfterClose() throws IOException {
    DatabaseDirectory directory = open();
    directory.close();
    directory.close();

    assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(directory::emptyTrash);
    assertThatExceptionOfType(ClosedStoreException.class)
        .isThrownBy(() -> Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults()));
  }

  @Test
  void isCompleteAndDurableBeforeItIsNamed() throws IOException {
    FaultyIo io = new FaultyIo(0, false);
    DatabaseDirectory.open(path, true, io).close();

    List<String> order = io.order().stream().map(call -> call.replaceAll("tmp-.*", "tmp")).toList();
    assertThat(order)
        .containsExactly(
            "list " + temp.getFileName(),
            "createDirectory library.tmp",
            "tryLock LOCK",
            "createDirectory meta",
            "createDirectory seg",
            "createDirectory trash",
            "create lock.mdb",
            "preallocate lock.mdb",
            "commit data.mdb",
            "committed data.mdb",
            "forceDirectory meta",
            "create FORMAT",
            "write FORMAT",
            "force FORMAT",
            "forceDirectory library.tmp",
            "rename library",
            "forceDirectory " + temp.getFileName());
  }

  /** After a fault there is a whole database or none, and the next opening works. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isCreatedEntirelyOrNotAtAll(boolean forever) throws IOException {
    int faults = 0;
    for (int n = 1; ; n++) {
      path = temp.resolve("library" + n);
      FaultyIo io = new FaultyIo(n, forever);
      try (DatabaseDirectory created = DatabaseDirectory.open(path, true, io)) {
        assertThat(created.path()).isDirectory();
        assertThat(io.calls()).isLessThan(n);
        break;
      } catch (FaultyIo.Fault e) {
        faults++;
      } catch (IOException e) {
        assertThat(e).hasCauseInstanceOf(FaultyIo.Fault.class);
        faults++;
      }
      try (DatabaseDirectory directory = open();
          Lmdb lmdb = Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults())) {
        lmdb.write(txn -> txn.put("t", "k".getBytes(UTF_8), new byte[1]));
        assertThat(lmdb.stats().rows()).containsEntry("t", 1L);
      }
    }
    assertThat(faults).isGreaterThan(10);
  }
}
