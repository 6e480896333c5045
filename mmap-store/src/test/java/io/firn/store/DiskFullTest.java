package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system of 4 MiB that fills up. Mounting it takes root. */
class DiskFullTest {

  @TempDir Path temp;
  private Path mount;
  private boolean mounted;

  @BeforeEach
  void mount() throws Exception {
    mount = temp.resolve("small");
    Files.createDirectory(mount);
    mounted = run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", mount.toString()) == 0;
    if (!mounted) {
      System.err.println("NOT TESTED: a full disk. Mounting a small tmpfs needs root on Linux.");
    }
    assumeTrue(mounted, "a small tmpfs can be mounted");
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", mount.toString())).isZero();
    }
  }

  private static int run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException noSuchCommand) {
      return -1;
    }
  }

  /** Leaves {@code leftBytes} on the file system, rounded to pages. */
  private Path fill(long leftBytes) throws IOException {
    Path ballast = mount.resolve("ballast");
    try (FileHandle file = Io.system().create(ballast)) {
      file.preallocate(Files.getFileStore(mount).getUsableSpace() - leftBytes);
    }
    return ballast;
  }

  private DatabaseDirectory open() throws IOException {
    return DatabaseDirectory.open(mount.resolve("db"), true, Io.system());
  }

  private static byte[] key(int i) {
    return ByteBuffer.allocate(4).putInt(i).array();
  }

  @Test
  void refusesASegmentBeforeItsFirstByteAndTakesItWhenThereIsSpace() throws IOException {
    byte[] payload = SegmentFileTest.randomBytes(1_000_000, 5);
    try (DatabaseDirectory directory = open();
        Arena arena = Arena.ofConfined()) {
      SegmentFileTest.write(directory, 1, payload);
      Path ballast = fill(500_000);

      assertThatExceptionOfType(DiskFullException.class)
          .isThrownBy(() -> SegmentFile.create(directory, "vec", 2, new long[0], payload.length))
          .withMessageContaining("no space for")
          .matches(e -> e.file().endsWith("00000002.vec.tmp"));
      assertThat(directory.path().resolve("seg"))
          .isDirectoryNotContaining(file -> file.toString().contains("00000002"));
      SegmentFile.open(directory, "vec", 1, arena).verify();

      Files.delete(ballast);
      SegmentFileTest.write(directory, 2, payload);
      assertThat(
              SegmentFile.open(directory, "vec", 2, arena)
                  .payload()
                  .mismatch(MemorySegment.ofArray(payload)))
          .isEqualTo(-1);
    }
  }

  @Test
  void rollsBackACommitKeepsWhatWasThereAndGoesOnWhenThereIsSpace() throws IOException {
    try (DatabaseDirectory directory = open();
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults())) {
      Path ballast = fill(1_000_000);
      int committed = writeUntilFull(lmdb);
      assertThat(committed).isPositive();
      assertReadable(lmdb, committed);

      Files.delete(ballast);
      lmdb.write(txn -> txn.put("t", key(committed), new byte[10_000]));
      assertReadable(lmdb, committed + 1);
    }
  }

  /** The second fault of a bad day: the process ends while the disk is full. */
  @Test
  void opensOnAFullDisk() throws IOException {
    int committed;
    Path ballast;
    try (DatabaseDirectory directory = open();
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults())) {
      ballast = fill(500_000);
      committed = writeUntilFull(lmdb);
    }
    fillCompletely();
    try (DatabaseDirectory directory = open();
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults())) {
      assertReadable(lmdb, committed);
      assertThatExceptionOfType(DiskFullException.class)
          .isThrownBy(() -> lmdb.write(txn -> txn.put("t", key(-1), new byte[100_000])));

      Files.delete(ballast);
      lmdb.write(txn -> txn.put("t", key(committed), new byte[10_000]));
      assertReadable(lmdb, committed + 1);
    }
  }

  @Test
  void rollsBackATransactionThatIsLargerThanMemoryForIt() throws IOException {
    try (DatabaseDirectory directory = open();
        Lmdb lmdb = Lmdb.open(directory, List.of("t"), Lmdb.Options.defaults())) {
      lmdb.write(txn -> txn.put("t", key(0), new byte[10_000]));

      assertThatExceptionOfType(DiskFullException.class)
          .isThrownBy(() ->
              lmdb.write(txn -> {
                for (int i = 1; i < 2_000; i++) {
                  txn.put("t", key(i), new byte[10_000]);
                }
              }));

      assertReadable(lmdb, 1);
      lmdb.write(txn -> txn.put("t", key(1), new byte[10_000]));
      assertReadable(lmdb, 2);
    }
  }

  @Test
  void leavesNothingOfADatabaseThatCannotBeCreated() throws IOException {
    Path ballast = fill(8_192);

    assertThatExceptionOfType(DiskFullException.class).isThrownBy(this::open);
    try (var files = Files.list(mount)) {
      assertThat(files).containsExactly(ballast);
    }

    Files.delete(ballast);
    open().close();
  }

  private void fillCompletely() throws IOException {
    long left = Files.getFileStore(mount).getUsableSpace();
    if (left > 0) {
      try (FileHandle file = Io.system().create(mount.resolve("rest"))) {
        file.preallocate(left);
      }
    }
    assertThat(Files.getFileStore(mount).getUsableSpace()).isZero();
  }

  private static int writeUntilFull(Lmdb lmdb) throws IOException {
    for (int i = 0; ; i++) {
      byte[] key = key(i);
      try {
        lmdb.write(txn -> txn.put("t", key, new byte[10_000]));
      } catch (DiskFullException e) {
        assertThat(e.file()).endsWith(Path.of("meta/data.mdb"));
        return i;
      }
    }
  }

  private static void assertReadable(Lmdb lmdb, int rows) throws IOException {
    lmdb.verify();
    assertThat(lmdb.stats().rows()).containsEntry("t", (long) rows);
    for (int i = 0; i < rows; i++) {
      byte[] key = key(i);
      assertThat(lmdb.<byte @Nullable []>read(txn -> txn.get("t", key))).hasSize(10_000);
    }
  }
}
