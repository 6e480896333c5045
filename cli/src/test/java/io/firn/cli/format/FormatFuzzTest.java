package io.firn.cli.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mutates good files of each format. Whatever comes out, a reader gives as many rows as it promised
 * or says why not; it never throws anything else, hangs or allocates by a lie. {@code -Pfuzz} runs
 * each format for 60 s, the default for 200 ms.
 */
class FormatFuzzTest {

  private static final long FUZZ_MILLIS = Long.getLong("firn.fuzz.millis", 200);

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @EnumSource(FileFormat.class)
  void readsOrRefusesEveryMutation(FileFormat format) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good = good(format);
    long end = System.nanoTime() + FUZZ_MILLIS * 1_000_000;
    long refused = 0;
    for (long round = 0; System.nanoTime() < end; round++) {
      byte[] mutant = mutate(good, random);
      try {
        readAll(format, mutant);
      } catch (MalformedFileException expected) {
        refused++;
      } catch (RuntimeException | Error | IOException e) {
        throw new AssertionError(
            "seed %d, round %d: %s".formatted(seed, round, Arrays.toString(mutant)), e);
      }
    }
    assertThat(refused).as("refused mutations, seed %d", seed).isPositive();
  }

  private static byte[] good(FileFormat format) {
    return switch (format) {
      case FVECS -> SampleFile.empty().i32(3).f32(1, 2, 3).i32(3).f32(4, 5, 6).bytes();
      case BVECS -> SampleFile.empty().i32(3).u8(1, 2, 3).i32(3).u8(4, 5, 6).bytes();
      case IVECS -> SampleFile.empty().i32(3, 1, 2, 3, 3, 4, 5, 6).bytes();
      case FBIN -> SampleFile.empty().i32(2, 3).f32(1, 2, 3, 4, 5, 6).bytes();
      case U8BIN, I8BIN -> SampleFile.empty().i32(2, 3).u8(1, 2, 3, 4, 5, 6).bytes();
      case IBIN -> SampleFile.empty().i32(2, 3, 1, 2, 3, 4, 5, 6).bytes();
      case NPY -> SampleFile.npy(1, "<i4", "(2, 3)").i32(1, 2, 3, 4, 5, 6).bytes();
    };
  }

  /** Overwrites, bit flips, extreme ints, cuts, insertions and copied stretches, one to four. */
  private static byte[] mutate(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(Math.max(1, bytes.length));
      switch (random.nextInt(6)) {
        case 0 -> fill(bytes, at, 1, (byte) random.nextInt());
        case 1 -> fill(bytes, at, 1, (byte) (1 << random.nextInt(8)));
        case 2 -> fill(bytes, at & ~3, 4, (byte) (random.nextBoolean() ? 0xff : 0x7f));
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(64));
        default -> {
          int length = Math.min(random.nextInt(16), bytes.length - at);
          System.arraycopy(
              bytes, random.nextInt(bytes.length - length + 1), bytes, at, Math.max(0, length));
        }
      }
    }
    return bytes;
  }

  private static void fill(byte[] bytes, int at, int count, byte value) {
    for (int i = at; i < Math.min(bytes.length, at + count); i++) {
      bytes[i] = value;
    }
  }

  private void readAll(FileFormat format, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("mutant." + format.name()), bytes);
    long rows = 0;
    if (format == FileFormat.IVECS || format == FileFormat.IBIN || format == FileFormat.NPY) {
      try (IntListSource source = IntListSource.open(file)) {
        int[] list = new int[source.width()];
        while (source.next(list)) {
          rows++;
        }
        assertThat(rows).isEqualTo(source.count());
      }
    } else {
      try (VectorSource source = VectorSource.open(file)) {
        float[] row = new float[source.dimension()];
        while (source.next(row)) {
          rows++;
        }
        assertThat(rows).isEqualTo(source.count());
      }
    }
  }
}
