package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import io.firn.search.SealedSegment;
import io.firn.search.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans against databases that were loaded and measured. */
class SizePlanTest {

  @TempDir Path directory;

  private static Row row(int id, float[] vector, boolean text) {
    return text
        ? Row.of("document-%06d".formatted(id), vector, Metadata.of("title", "x".repeat(300)))
        : Row.of(id, vector);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 12000, COSINE, false, 1024",
    "384, 3000, DOT, true, 1024",
    "33, 8000, EUCLIDEAN, true, 4"
  })
  void isWithinTenPercentOfWhatIsMeasured(
      int dimension, int rows, Metric metric, boolean text, long memoryMebibytes)
      throws IOException {
    var spec = CollectionSpec.of(dimension, metric).withIndex(16, 40);
    Options options = Options.DEFAULT.withMemoryBytes(memoryMebibytes << 20);
    var random = new Random(dimension);
    SizePlan plan = SizePlan.of(spec, rows, row(0, new float[dimension], text), options);
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path, options)) {
      Collection collection = db.collection("rows", spec);
      try (BulkLoad load = collection.bulk()) {
        for (int id = 0; id < rows; id++) {
          load.add(row(id, TestVectors.random(random, dimension), text));
        }
        load.commit();
      }
      try (Stream<Row> all = collection.scan()) {
        assertThat(all.count()).isEqualTo(rows);
      }
      CollectionStats stats = collection.stats();
      assertThat(plan.segments()).isEqualTo(stats.segments());
      try (Snapshot snapshot = db.engine().snapshots().pin()) {
        assertThat(plan.compactBytes())
            .isEqualTo(
                snapshot.sealedSegments().stream().mapToLong(SealedSegment::compactBytes).sum());
      }
      assertThat(plan.searchBytes()).isEqualTo(stats.diskBytes());
      assertThat(stats.diskBytes()).isEqualTo(fileBytes(path.resolve("seg")));
      assertThat(plan.lmdbBytes())
          .isCloseTo(fileBytes(path.resolve("meta/data.mdb")), withPercentage(10));
      assertThat(plan.diskBytes()).isCloseTo(fileBytes(path), withPercentage(10));
      assertThat(plan.searchBytes()).isCloseTo(stats.residentBytes(), withPercentage(10));
      assertThat(plan.searchBytes()).isCloseTo(stats.mappedBytes(), withPercentage(10));
    }
  }

  private static long fileBytes(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      long bytes = 0;
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  @Test
  void moreMemoryMeansFewerSegments() {
    var spec = CollectionSpec.of(384, Metric.COSINE);
    Row example = Row.of(0, new float[0]);
    SizePlan narrow =
        SizePlan.of(spec, 4_000_000, example, Options.DEFAULT.withMemoryBytes(600L << 20));
    SizePlan wide =
        SizePlan.of(spec, 4_000_000, example, Options.DEFAULT.withMemoryBytes(1_500L << 20));

    assertThat(narrow.loadBytes()).isLessThanOrEqualTo(600L << 20);
    assertThat(narrow.segments()).isGreaterThan(wide.segments());
    assertThat(narrow.vectorBytes()).isGreaterThan(4_000_000L * 384 * 4);
  }

  @ParameterizedTest
  @CsvSource({"800, HOT", "400, WARM", "30, COLD"})
  void tellsWhereSearchesWillFindTheRows(long memoryMebibytes, Tier tier) {
    var spec = CollectionSpec.of(384, Metric.COSINE);
    Options options = Options.DEFAULT.withMemoryBytes(memoryMebibytes << 20);
    SizePlan plan = SizePlan.of(spec, 150_000, Row.of(0, new float[0]), options);
    assertThat(plan.tier()).as(plan.toString()).isEqualTo(tier);
    assertThat((double) plan.compactBytes() / plan.vectorBytes()).isBetween(0.19, 0.2);
  }

  @Test
  void refusesNumbersOfRowsThatNoCollectionHolds() {
    var spec = CollectionSpec.of(4, Metric.DOT);
    for (long rows : new long[] {0, -1, 1L << 31}) {
      assertThatThrownBy(() -> SizePlan.of(spec, rows, Row.of(0, new float[0]), Options.DEFAULT))
          .isInstanceOf(FirnException.InvalidInput.class)
          .hasMessageContaining("rows must be 1..2147483647 but is " + rows);
    }
  }
}
