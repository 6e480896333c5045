package io.firn.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.firn.cli.format.VectorSource;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.checksum.JenkinsLookup3HashLittle;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Mutates good files of both kinds of HDF5: without checksums as h5py writes them, and with
 * checksums, which are made to fit again half of the time. Whatever comes out, the reader writes
 * matrices that the file can hold or says why not; it never throws anything else, takes long or
 * allocates by a lie. The same 60 mutations of each kind come first; then others, by {@code -Pfuzz}
 * for 60 s, by default for 200 ms.
 */
class Hdf5FuzzTest {

  private static final long FUZZ_MILLIS = Long.getLong("firn.fuzz.millis", 200);

  private static final long CORPUS_SEED = 1;
  private static final int CORPUS = 60;

  /** Two buffers of 1 MiB for each matrix, and what a test and jhdf need for small things. */
  private static final long MOST_ALLOCATED_BYTES = 16 << 20;

  private static final long[] EXTREMES = {
    0,
    1,
    2,
    -1,
    -2,
    0xff,
    0xffff,
    1 << 24,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    1L << 32,
    (1L << 32) - 1,
    1L << 53,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE - 8
  };

  @TempDir Path folder;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private long taken;
  private long refused;

  @Test
  void readsOrRefusesEveryMutationOfAFileWithoutChecksums() throws IOException {
    mutateAndRead(Hdf5Sample.bytes());
  }

  @Test
  void readsOrRefusesEveryMutationOfAFileWithChecksums() throws IOException {
    Path file = folder.resolve("good.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", Hdf5Sample.TRAIN);
      hdf.putDataset("test", Hdf5Sample.TEST);
      hdf.putAttribute("distance", Hdf5Sample.DISTANCE);
    }
    mutateAndRead(Files.readAllBytes(file));
  }

  private void mutateAndRead(byte[] good) throws IOException {
    assertThat(read(good)).as("rows of the good file").isDeepEqualTo(Hdf5Sample.TRAIN);
    mutateAndRead(good, CORPUS_SEED, CORPUS, 0);
    mutateAndRead(good, System.nanoTime(), 0, FUZZ_MILLIS);
    assertThat(refused).as("refused mutations").isPositive();
    assertThat(taken).as("mutations read").isPositive();
    System.out.printf(
        "HDF5: %,d mutations, %,d read, %,d refused%n", taken + refused, taken, refused);
  }

  /** At least {@code least} mutations, and for so long. */
  private void mutateAndRead(byte[] good, long seed, int least, long millis) {
    Random random = new Random(seed);
    long end = System.nanoTime() + millis * 1_000_000;
    for (int round = 0; round < least || System.nanoTime() < end; round++) {
      byte[] mutant = mutate(good, random);
      try {
        check(mutant);
      } catch (RuntimeException | Error | IOException e) {
        throw new AssertionError(
            "seed %d, round %d: %s".formatted(seed, round, HexFormat.of().formatHex(mutant)), e);
      }
    }
  }

  private void check(byte[] mutant) throws IOException {
    long before = threads.getTotalThreadAllocatedBytes();
    float[][] rows = read(mutant);
    assertThat(threads.getTotalThreadAllocatedBytes() - before)
        .as("bytes allocated")
        .isLessThan(MOST_ALLOCATED_BYTES);
    if (rows == null) {
      refused++;
    } else {
      taken++;
      assertThat((long) rows.length * rows[0].length * Float.BYTES)
          .as("bytes of the rows")
          .isLessThanOrEqualTo(mutant.length);
    }
  }

  /** The base as converted, or null if it was refused as it should be. */
  private float @Nullable [][] read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("mutant.hdf5"), bytes);
    Preparation preparation = new Preparation(folder);
    try {
      Hdf5File.convert(file, preparation, null);
    } catch (IOException e) {
      assertThat(e)
          .hasMessageContaining("mutant.hdf5 must be an ann-benchmarks HDF5 file but is not")
          .hasMessageNotContaining("takes more than");
      return null;
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("mutant.hdf5 must be angular, euclidean or dot but is '");
      return null;
    }
    try (VectorSource source = VectorSource.open(preparation.base())) {
      float[][] rows = new float[Math.toIntExact(source.count())][source.dimension()];
      for (float[] row : rows) {
        assertThat(source.next(row)).isTrue();
      }
      return rows;
    }
  }

  private static byte[] mutate(byte[] good, Random random) {
    byte[] bytes = good.clone();
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2, 3 -> splice(bytes, at, extreme(bytes.length, random), random);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        case 5 -> copyWithin(bytes, random.nextInt(bytes.length) & ~7, at & ~7, 8); // an address
        default -> copyWithin(bytes, random.nextInt(bytes.length), at, random.nextInt(32));
      }
    }
    if (random.nextBoolean()) {
      mendChecksums(bytes);
    }
    return bytes;
  }

  private static long extreme(int length, Random random) {
    return random.nextInt(4) == 0
        ? length + random.nextInt(-16, 17)
        : EXTREMES[random.nextInt(EXTREMES.length)];
  }

  private static void splice(byte[] bytes, int at, long value, Random random) {
    int width = random.nextBoolean() ? Long.BYTES : Integer.BYTES;
    int from = random.nextBoolean() ? at & ~(width - 1) : at;
    for (int i = 0; i < width && from + i < bytes.length; i++) {
      bytes[from + i] = (byte) (value >>> (8 * i));
    }
  }

  private static void copyWithin(byte[] bytes, int from, int to, int count) {
    int most = Math.min(count, bytes.length - Math.max(from, to));
    System.arraycopy(bytes, from, bytes, to, Math.max(0, most));
  }

  /** Of a superblock of version 2 or 3, and of object headers of version 2. */
  private static void mendChecksums(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length >= 48 && bytes[8] >= 2) {
      file.putInt(44, JenkinsLookup3HashLittle.hash(Arrays.copyOf(bytes, 44)));
    }
    byte[] signature = "OHDR".getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + 10 < bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + 4, signature, 0, 4)) {
        long end = at + 10 + Integer.toUnsignedLong(file.getInt(at + 6));
        if (end + Integer.BYTES <= bytes.length) {
          byte[] header = Arrays.copyOfRange(bytes, at, (int) end);
          file.putInt((int) end, JenkinsLookup3HashLittle.hash(header));
        }
      }
    }
  }
}
