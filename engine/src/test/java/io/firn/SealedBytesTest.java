package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.search.NodeRecordBuilder;
import io.firn.search.NodeRecordFile;
import io.firn.search.RowLayout;
import io.firn.search.VectorFile;
import io.firn.store.DatabaseDirectory;
import io.firn.store.Io;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who builds a segment, and with how many threads, does not show in its file. */
class SealedBytesTest {

  private static final int DIMENSION = 48;
  private static final int ROWS = 6_000;

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  @ParameterizedTest
  @EnumSource(Metric.class)
  void recordsAreTheSameForAnyNumberOfThreads(Metric metric) throws IOException {
    var spec = CollectionSpec.of(DIMENSION, metric);
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path)) {
      Collection rows = db.collection("rows", spec);
      rows.upsertAll(TestVectors.clustered(new Random(8), ROWS, DIMENSION));
      rows.optimize();
    }
    Path file = records(path);
    byte[] sealed = Files.readAllBytes(file);
    long segmentId = Long.parseLong(file.getFileName().toString().split("\\.", 2)[0], 16);
    try (DatabaseDirectory store = DatabaseDirectory.open(path, false, Io.system());
        Arena arena = Arena.ofShared()) {
      VectorFile rows = VectorFile.open(store, segmentId, new RowLayout(DIMENSION, metric), arena);
      for (int threads : new int[] {1, 2, 4, 16}) {
        Files.delete(file);
        NodeRecordBuilder.write(store, segmentId, spec, rows, threads, _ -> {});
        assertThat(Files.readAllBytes(file)).as("by %d threads", threads).isEqualTo(sealed);
      }
    }
  }

  private static Path records(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path.resolve("seg"))) {
      return files
          .filter(file -> file.toString().endsWith(NodeRecordFile.KIND))
          .findFirst()
          .orElseThrow();
    }
  }
}
