package io.firn.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.firn.cli.format.VectorSource;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Hdf5FileTest {

  @TempDir Path folder;

  @Test
  void readsAFileAsH5pyWritesIt() throws IOException {
    Path file = Files.write(folder.resolve("a.hdf5"), Hdf5Sample.bytes());

    Metric metric = Hdf5File.convert(file, new Preparation(folder), null);

    assertThat(metric).isEqualTo(Metric.EUCLIDEAN);
    assertThat(rows("base.fbin")).isDeepEqualTo(Hdf5Sample.TRAIN);
    assertThat(rows("query.fbin")).isDeepEqualTo(Hdf5Sample.TEST);
  }

  @Test
  void roundsDoublesToFloats() throws IOException {
    Path file = folder.resolve("double.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", new double[][] {{0.1, -2}, {1e300, 3}});
      hdf.putDataset("test", new double[][] {{1, 1}});
    }

    Hdf5File.convert(file, new Preparation(folder), Metric.DOT);

    assertThat(rows("base.fbin"))
        .isDeepEqualTo(new float[][] {{0.1f, -2}, {Float.POSITIVE_INFINITY, 3}});
  }

  @Test
  void refusesWhatIsNoMatrixOfRealNumbers() throws IOException {
    Path file = folder.resolve("ints.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", new int[][] {{1, 2}});
      hdf.putDataset("test", new float[][] {{1, 2}});
    }

    assertRefused(file, "numbers of train must be float32 or float64 of IEEE 754");
  }

  @Test
  void refusesAFileWithoutQueries() throws IOException {
    Path file = folder.resolve("half.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", new float[][] {{1, 2}});
    }

    assertRefused(file, "test must be one plain block of numbers but is absent");
  }

  @Test
  void refusesAMatrixThatGoesBeyondTheFile() throws IOException {
    byte[] whole = Hdf5Sample.bytes();
    Path file = Files.write(folder.resolve("cut.hdf5"), Arrays.copyOf(whole, whole.length - 1));

    assertRefused(
        file, "test must be rows of 1..10000 numbers within the file's 1879 bytes but is [2, 3]");
  }

  @Test
  void asksForAMetricIfTheFileHasAnother() throws IOException {
    Path file = folder.resolve("jaccard.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", Hdf5Sample.TRAIN);
      hdf.putDataset("test", Hdf5Sample.TEST);
      hdf.putAttribute("distance", "jaccard");
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Hdf5File.convert(file, new Preparation(folder), null))
        .withMessageContaining("but is 'jaccard'")
        .withMessageContaining("Pass --metric");
    assertThat(Hdf5File.convert(file, new Preparation(folder), Metric.COSINE))
        .isEqualTo(Metric.COSINE);
  }

  @Test
  void refusesACircleOfAddresses() throws IOException {
    byte[] bytes = Hdf5Sample.bytes();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(Hdf5Sample.TREE_AT + 5, (byte) 1); // no leaf any more,
    file.putLong(Hdf5Sample.TREE_AT + 32, Hdf5Sample.TREE_AT); // and its own child

    assertRefused(Files.write(folder.resolve("circle.hdf5"), bytes), "StackOverflowError");
  }

  @Test
  void endsAtTheDeadline() throws IOException {
    Path file = Files.write(folder.resolve("ways.hdf5"), Hdf5Sample.withManyWays(12, 200));

    try (FileChannel channel = FileChannel.open(file)) {
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> Hdf5Outline.read(channel, file, Duration.ofMillis(100)))
          .withMessageContaining("takes more than PT0.1S");
    }
  }

  private void assertRefused(Path file, String why) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Hdf5File.convert(file, new Preparation(folder), Metric.DOT))
        .withMessageContaining(file + " must be an ann-benchmarks HDF5 file")
        .withMessageContaining(why);
  }

  private float[][] rows(String name) throws IOException {
    try (VectorSource source = VectorSource.open(folder.resolve(name))) {
      float[][] rows = new float[Math.toIntExact(source.count())][source.dimension()];
      for (float[] row : rows) {
        assertThat(source.next(row)).isTrue();
      }
      return rows;
    }
  }
}
