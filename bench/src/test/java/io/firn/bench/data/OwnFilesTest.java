package io.firn.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnFilesTest {

  private static final float[][] ROWS = {{0, 0}, {1, 0}, {0, 3}, {5, 5}};

  @TempDir Path folder;

  private OwnFiles files = new OwnFiles(new DataFolder(Path.of("unset")));

  @BeforeEach
  void useTemporaryFolder() {
    files = new OwnFiles(new DataFolder(folder.resolve("cache")));
  }

  @Test
  void computesTruthOnceForEqualContent() throws IOException {
    Path base = write("base.fbin", ROWS);
    Path query = write("query.fbin", new float[][] {{4, 4}});

    DataSet set = files.of(base, query, null, Metric.EUCLIDEAN);
    FileTime written = Files.getLastModifiedTime(set.truth());

    assertThat(set.truthIds()).isDeepEqualTo(new int[][] {{3, 2, 1, 0}});
    DataSet again = files.of(write("copy.fbin", ROWS), query, null, Metric.EUCLIDEAN);
    assertThat(again.truth()).isEqualTo(set.truth());
    assertThat(Files.getLastModifiedTime(again.truth())).isEqualTo(written);
    DataSet other =
        files.of(write("base.fbin", new float[][] {{4, 4}, {0, 0}}), query, null, Metric.EUCLIDEAN);
    assertThat(other.truthIds()).isDeepEqualTo(new int[][] {{0, 1}});
  }

  @Test
  void readsAnnBenchmarksHdf5() throws IOException {
    Path file = folder.resolve("tiny.hdf5");
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      hdf.putDataset("train", ROWS);
      hdf.putDataset("test", new float[][] {{4, 4}, {0, 2}});
      hdf.putAttribute("distance", "euclidean");
    }

    DataSet set = files.ofHdf5(file, null);

    assertThat(set.metric()).isEqualTo(Metric.EUCLIDEAN);
    assertThat(set.baseCount()).isEqualTo(4);
    assertThat(set.queries()).isDeepEqualTo(new float[][] {{4, 4}, {0, 2}});
    assertThat(set.truthIds()).isDeepEqualTo(new int[][] {{3, 2, 1, 0}, {2, 0, 1, 3}});
  }

  @Test
  void refusesAFileThatIsNoHdf5() throws IOException {
    Path file = Files.writeString(folder.resolve("no.hdf5"), "no");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> files.ofHdf5(file, null))
        .withMessageContaining("must be an ann-benchmarks HDF5 file");
  }

  @Test
  void refusesQueriesOfAnotherDimension() throws IOException {
    Path base = write("base.fbin", ROWS);
    Path query = write("query.fbin", new float[][] {{1, 2, 3}});

    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.of(base, query, null, Metric.DOT))
        .withMessageContaining("must have dimension 2 but have 3");
  }

  @Test
  void refusesTruthForOtherQueries() throws IOException {
    Path base = write("base.fbin", ROWS);
    Path query = write("query.fbin", new float[][] {{1, 2}});
    Path truth = folder.resolve("truth.ibin");
    try (BinWriter writer = new BinWriter(truth, 1)) {
      writer.write(new int[] {0});
      writer.write(new int[] {1});
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> files.of(base, query, truth, Metric.DOT))
        .withMessageContaining("a list for each of 1 queries but holds 2");
  }

  private Path write(String name, float[][] rows) throws IOException {
    Path file = folder.resolve(name);
    try (BinWriter writer = new BinWriter(file, rows[0].length)) {
      for (float[] row : rows) {
        writer.write(row);
      }
    }
    return file;
  }
}
