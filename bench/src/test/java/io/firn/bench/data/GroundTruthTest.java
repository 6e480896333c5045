package io.firn.bench.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GroundTruthTest {

  private static final int ROWS = 3_000;
  private static final int DIMENSION = 37; // no multiple of any lane count

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @EnumSource(Metric.class)
  void equalsSortingAllRowsByDoubleDistance(Metric metric) throws IOException {
    Random random = new Random(5);
    float[][] rows = vectors(random, ROWS);
    float[][] queries = vectors(random, 7); // not a multiple of the four taken at once
    Path base = folder.resolve("base.fbin");
    try (BinWriter writer = new BinWriter(base, DIMENSION)) {
      for (float[] row : rows) {
        writer.write(row);
      }
    }

    NearestList[] found;
    try (VectorSource source = VectorSource.open(base)) {
      found = GroundTruth.of(metric, source, queries, _ -> {});
    }

    assertThat(found).hasSize(queries.length);
    for (int q = 0; q < queries.length; q++) {
      float[] query = queries[q];
      int[] expected =
          IntStream.range(0, ROWS)
              .boxed()
              .sorted(
                  Comparator.comparingDouble((Integer id) -> metric.distance(query, rows[id]))
                      .thenComparing(id -> id))
              .limit(GroundTruth.DEPTH)
              .mapToInt(id -> id)
              .toArray();
      assertThat(found[q].ids()).as("seed 5, query %d", q).isEqualTo(expected);
    }
  }

  /** Few distinct values, so that many rows are exactly as far; ids must then decide. */
  private static float[][] vectors(Random random, int count) {
    float[][] vectors = new float[count][DIMENSION];
    for (float[] vector : vectors) {
      for (int i = 0; i < DIMENSION; i++) {
        vector[i] = random.nextInt(count > 100 ? 4 : 8) - 1.5f;
      }
    }
    return vectors;
  }
}
