package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentFileTest {

  @TempDir Path temp;
  private DatabaseDirectory directory;

  /** What the first write of a large file holds: 2 MiB less the header. */
  private static final int CHUNK = (2 << 20) - 4096;

  @BeforeEach
  void open() throws IOException {
    directory = DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
  }

  @AfterEach
  void close() throws IOException {
    directory.close();
  }

  static byte[] randomBytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static void write(DatabaseDirectory directory, long segmentId, byte[] payload)
      throws IOException {
    try (SegmentWriter writer =
        SegmentFile.create(directory, "vec", segmentId, new long[0], payload.length)) {
      writer.append(ByteBuffer.wrap(payload));
      writer.finish();
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(
      ints = {
        0,
        1,
        7,
        8,
        4095,
        65_535,
        65_536,
        65_537,
        131_072,
        300_001, // around blocks
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        2 * CHUNK + 4096,
        5_000_001 // around writes
      })
  void returnsWhatWasAppendedInPieces(int length) throws IOException {
    byte[] payload = randomBytes(length, length);
    Random pieces = new Random(length);
    try (Arena arena = Arena.ofConfined();
        SegmentWriter writer =
            SegmentFile.create(directory, "vec", 3, new long[] {5, -6}, length)) {
      int at = 0;
      while (at < length) {
        int count = Math.min(length - at, 1 + pieces.nextInt(100_000));
        if (pieces.nextBoolean()) {
          writer.append(ByteBuffer.wrap(payload, at, count));
        } else {
          MemorySegment piece = arena.allocate(count);
          writer.append(piece.copyFrom(MemorySegment.ofArray(payload).asSlice(at, count)));
        }
        at += count;
        assertThat(writer.appendedBytes()).isEqualTo(at);
      }
      writer.finish();
    }
    try (Arena arena = Arena.ofConfined()) {
      SegmentFile file = SegmentFile.open(directory, "vec", 3, arena);
      file.verify();

      assertThat(file.payload().mismatch(MemorySegment.ofArray(payload))).isEqualTo(-1);
      assertThat(file.payload().address() % 64).isZero();
      assertThat(file.payload().isReadOnly()).isTrue();
      assertThat(file.attribute(0)).isEqualTo(5);
      assertThat(file.attribute(1)).isEqualTo(-6);
      assertThat(file.attribute(7)).isZero();
      assertThat(file.kind()).isEqualTo("vec");
      assertThat(file.segmentId()).isEqualTo(3);
      assertThat(file.path()).isEqualTo(directory.segmentPath("vec", 3));
    }
  }

  @Test
  void isInvisibleUntilFinished() throws IOException {
    try (SegmentWriter writer = SegmentFile.create(directory, "vec", 1, new long[0], 100)) {
      writer.append(ByteBuffer.allocate(100));
      assertThat(directory.segmentPath("vec", 1)).doesNotExist();
    }
    assertThat(directory.path().resolve("seg")).isEmptyDirectory();
    try (Arena arena = Arena.ofConfined()) {
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> SegmentFile.open(directory, "vec", 1, arena));
    }
  }

  @Test
  void reservesItsSpaceBeforeTheFirstByte() throws IOException {
    try (SegmentWriter writer = SegmentFile.create(directory, "vec", 1, new long[0], 1_000_000)) {
      assertThat(writer.appendedBytes()).isZero();
      assertThat(Files.size(directory.path().resolve("seg/00000001.vec.tmp")))
          .isGreaterThan(1_000_000);
    }
  }

  @Test
  void takesExactlyThePromisedBytes() throws IOException {
    try (SegmentWriter writer = SegmentFile.create(directory, "vec", 1, new long[0], 100)) {
      writer.append(ByteBuffer.allocate(99));
      assertThatIllegalStateException()
          .isThrownBy(writer::finish)
          .withMessageContaining("must be 100 bytes but is 99");
      assertThatIllegalStateException()
          .isThrownBy(() -> writer.append(ByteBuffer.allocate(2)))
          .withMessageContaining("would grow to 101");
      writer.append(ByteBuffer.allocate(1));
      writer.finish();
      assertThatExceptionOfType(ClosedStoreException.class).isThrownBy(writer::finish);
    }
    assertThat(directory.segmentPath("vec", 1)).exists();
  }

  @Test
  void isWrittenOnce() throws IOException {
    write(directory, 1, new byte[10]);

    assertThatIllegalStateException()
        .isThrownBy(() -> write(directory, 1, new byte[20]))
        .withMessageContaining("written once");
  }

  @Test
  void replacesWhatACrashLeftUnfinished() throws IOException {
    Files.write(directory.path().resolve("seg/00000001.vec.tmp"), new byte[77]);

    write(directory, 1, new byte[10]);

    assertThat(directory.path().resolve("seg/00000001.vec.tmp")).doesNotExist();
  }

  @Test
  void refusesImpossibleArguments() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentFile.create(directory, "vec", 1, new long[9], 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentFile.create(directory, "vec", 1, new long[0], -1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SegmentFile.create(directory, "vec", 1, new long[0], Long.MAX_VALUE));
  }

  @Test
  void hasAFingerprintOfItsContent() throws IOException {
    write(directory, 1, new byte[] {1, 2, 3});
    write(directory, 2, new byte[] {1, 2, 3});
    write(directory, 3, new byte[] {1, 2, 4});
    try (Arena arena = Arena.ofConfined()) {
      long first = SegmentFile.open(directory, "vec", 1, arena).fingerprint();

      assertThat(SegmentFile.open(directory, "vec", 1, arena).fingerprint()).isEqualTo(first);
      assertThat(SegmentFile.open(directory, "vec", 2, arena).fingerprint()).isNotEqualTo(first);
      assertThat(SegmentFile.open(directory, "vec", 3, arena).fingerprint()).isNotEqualTo(first);
    }
  }

  @Test
  void endsWithItsArena() throws IOException {
    write(directory, 1, new byte[10]);
    Arena arena = Arena.ofConfined();
    SegmentFile file = SegmentFile.open(directory, "vec", 1, arena);
    arena.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> file.payload().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void takesAdviceAboutPaging() throws IOException {
    byte[] payload = randomBytes(5_000_000, 4);
    write(directory, 1, payload);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped = SegmentFile.open(directory, "vec", 1, arena).payload();

      boolean linux = System.getProperty("os.name").equals("Linux");
      assertThat(PagingAdvice.random(mapped)).isEqualTo(linux);
      assertThat(PagingAdvice.willNeed(mapped.asSlice(4_000_001, 3))).isEqualTo(linux);
      PagingAdvice.hugePages(mapped); // the kernel may be built without
      assertThat(PagingAdvice.random(MemorySegment.NULL)).isFalse();
      assertThat(mapped.mismatch(MemorySegment.ofArray(payload))).isEqualTo(-1);
    }
  }

  /** A name must never be durable before what it names. */
  @Test
  void isForcedBeforeItIsNamedAndItsNameIsForcedToo() throws IOException {
    directory.close();
    FaultyIo io = new FaultyIo(0, false);
    try (DatabaseDirectory recorded = DatabaseDirectory.open(temp.resolve("db"), false, io)) {
      int before = io.order().size();
      write(recorded, 1, new byte[100_000]);

      List<String> order = io.order();
      assertThat(order.subList(before, order.size()))
          .containsExactly(
              "create 00000001.vec.tmp",
              "preallocate 00000001.vec.tmp",
              "write 00000001.vec.tmp",
              "force 00000001.vec.tmp",
              "rename 00000001.vec",
              "forceDirectory seg");
    }
  }

  /** With a fault at any call the file is there entirely or not at all. */
  @ParameterizedTest(name = "forever {0}")
  @ValueSource(booleans = {false, true})
  void appearsEntirelyOrNotAtAll(boolean forever) throws IOException {
    directory.close();
    byte[] payload = randomBytes(150_000, 9);
    int faults = 0;
    for (int n = 1; ; n++) {
      FaultyIo io = new FaultyIo(n, forever);
      Path path = temp.resolve("db");
      boolean finished = false;
      try (DatabaseDirectory faulty = DatabaseDirectory.open(path, false, io)) {
        write(faulty, n, payload);
        finished = true;
      } catch (FaultyIo.Fault e) {
        faults++;
      }
      try (DatabaseDirectory healthy = DatabaseDirectory.open(path, false, Io.system());
          Arena arena = Arena.ofConfined()) {
        Path file = healthy.segmentPath("vec", n);
        if (finished || Files.exists(file)) {
          SegmentFile opened = SegmentFile.open(healthy, "vec", n, arena);
          opened.verify();
          assertThat(opened.payload().mismatch(MemorySegment.ofArray(payload))).isEqualTo(-1);
        } else {
          write(healthy, n, payload); // whatever the fault left is no obstacle
        }
      }
      if (finished) {
        assertThat(io.calls()).isLessThan(n);
        break;
      }
    }
    assertThat(faults).isGreaterThan(8);
  }
}
