package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A segment file of 3 blocks, the last of one byte, and 7 bytes of padding, damaged everywhere. */
class SegmentCorruptionTest {

  private static final int PAYLOAD_BYTES = 131_072 + 1;
  private static final int PAYLOAD_END = 4096 + PAYLOAD_BYTES;
  private static final int TABLE_AT = PAYLOAD_END + 7;
  private static final int FOOTER_AT = TABLE_AT + 3 * 4;

  @TempDir Path temp;
  private DatabaseDirectory directory;
  private Path file;
  private byte[] good;

  @BeforeEach
  void write() throws IOException {
    directory = DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
    SegmentFileTest.write(directory, 1, SegmentFileTest.randomBytes(PAYLOAD_BYTES, 1));
    file = directory.segmentPath("vec", 1);
    good = Files.readAllBytes(file);
    assertThat(good).hasSize(FOOTER_AT + 24);
  }

  @AfterEach
  void close() throws IOException {
    directory.close();
  }

  private void open() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      SegmentFile.open(directory, "vec", 1, arena);
    }
  }

  private void verify() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      SegmentFile.open(directory, "vec", 1, arena).verify();
    }
  }

  /** Flips one bit; a second time restores it. */
  private void flip(int bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, bit / 8);
      one.put(0, (byte) (one.get(0) ^ 1 << bit % 8));
      channel.write(one.flip(), bit / 8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        4095,
        4096,
        4119,
        4120,
        70_000,
        PAYLOAD_END,
        TABLE_AT,
        FOOTER_AT,
        FOOTER_AT + 23
      })
  void isRefusedWhenTruncated(int length) throws IOException {
    Files.write(file, Arrays.copyOf(good, length));

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.field().equals("file size") && e.file().equals(file));
  }

  @Test
  void isRefusedWhenExtended() throws IOException {
    Files.write(file, Arrays.copyOf(good, good.length + 1));

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.field().equals("file size"));
  }

  @Test
  void isRefusedForEveryBitOfItsFooterAndOfTheFieldsOfItsHeader() throws IOException {
    int fieldsEnd = 128 * 8;
    for (int bit = 0; bit < good.length * 8; bit++) {
      if (bit == fieldsEnd) {
        bit = 4092 * 8; // its crc
      } else if (bit == 4096 * 8) {
        bit = FOOTER_AT * 8;
      }
      flip(bit);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("bit %d", bit)
          .isThrownBy(this::open)
          .matches(e -> e.file().equals(file));
      flip(bit);
    }
    verify();
  }

  @Test
  void isFoundByVerifyForFlipsAnywhere() throws IOException {
    long seed = 20261120;
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      int bit = random.nextInt(good.length * 8);
      flip(bit);
      assertThatExceptionOfType(CorruptFileException.class)
          .as("seed %d, bit %d", seed, bit)
          .isThrownBy(this::verify);
      flip(bit);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4096, crc32c of block 0, 4096",
    "69631, crc32c of block 0, 4096",
    "69632, crc32c of block 1, 69632",
    "135168, crc32c of block 2, 135168",
    "135170, crc32c of the block table, 135169",
    "135176, crc32c of the block table, 135169"
  })
  void isNamedByItsFirstDamagedBlock(int at, String field, long offset) throws IOException {
    flip(at * 8);

    open(); // the payload is not looked at
    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::verify)
        .matches(e -> e.field().equals(field) && e.offset() == offset, field + " at " + offset);
  }

  @Test
  void isFoundWhenBlocksAreSwapped() throws IOException {
    byte[] swapped = good.clone();
    System.arraycopy(good, 4096, swapped, 4096 + 65_536, 65_536);
    System.arraycopy(good, 4096 + 65_536, swapped, 4096, 65_536);
    Files.write(file, swapped);

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::verify)
        .matches(e -> e.field().equals("crc32c of block 0"));
  }

  @Test
  void isRefusedUnderAnotherNumberOrKind() throws IOException {
    Files.copy(file, directory.segmentPath("vec", 2));
    Files.copy(file, directory.segmentPath("graph", 1));
    try (Arena arena = Arena.ofConfined()) {
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> SegmentFile.open(directory, "vec", 2, arena))
          .matches(e -> e.field().equals("segment id"));
      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> SegmentFile.open(directory, "graph", 1, arena))
          .matches(e -> e.field().equals("kind"));
    }
  }

  @Test
  void isRefusedInAnotherDatabase() throws IOException {
    try (DatabaseDirectory other =
            DatabaseDirectory.open(temp.resolve("other"), true, Io.system());
        Arena arena = Arena.ofConfined()) {
      Files.copy(file, other.segmentPath("vec", 1));

      assertThatExceptionOfType(CorruptFileException.class)
          .isThrownBy(() -> SegmentFile.open(other, "vec", 1, arena))
          .matches(e -> e.field().equals("database id"))
          .withMessageContaining(other.databaseId().toString());
    }
  }

  @Test
  void isRefusedWhenForeign() throws IOException {
    Files.write(file, SegmentFileTest.randomBytes(good.length, 2));

    assertThatExceptionOfType(CorruptFileException.class)
        .isThrownBy(this::open)
        .matches(e -> e.field().equals("magic"));
  }
}
