package io.firn.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.firn.bench.data.BinWriter;
import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.data.Metric;
import io.firn.bench.data.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the harness relies on, for every adapter. */
class AnnEngineTest {

  private static final int ROWS = 1_500;
  private static final int DIMENSION = 24;
  private static final int K = 10;
  private static final int THOROUGH = 500;

  @TempDir Path folder;

  static Stream<Arguments> enginesByMetric() {
    return Stream.of(
            "firn",
            "jvector-float",
            "jvector-fused",
            "lucene-float",
            "lucene-sq8",
            "lucene-bbq",
            "hnswlib-java")
        .flatMap(name ->
            Stream.of(Metric.COSINE, Metric.EUCLIDEAN).map(metric -> Arguments.of(name, metric)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("enginesByMetric")
  void findsTheNearestRowsAndNoDeletedOnes(String name, Metric metric) throws IOException {
    DataSet set = set(metric);
    AnnEngine engine = Engines.named(name);
    Path index = Files.createDirectory(folder.resolve("index"));
    Parameters parameters = engine.defaults(set);

    engine.build(set, parameters, index, 2);

    try (AnnIndex opened = engine.open(set, parameters, index)) {
      assertThat(recall(opened, set, Set.of())).as("seed 11").isGreaterThan(0.95);
      int[] deleted = Arrays.stream(set.truthIds()).mapToInt(ids -> ids[0]).distinct().toArray();
      opened.delete(deleted);
      Set<Integer> gone = new HashSet<>(Arrays.stream(deleted).boxed().toList());
      assertThat(recall(opened, set, gone)).as("after deletes, seed 11").isGreaterThan(0.95);
    }
  }

  private static double recall(AnnIndex index, DataSet set, Set<Integer> deleted)
      throws IOException {
    float[][] queries = set.queries();
    int[][] truth = set.truthIds();
    int hits = 0;
    try (AnnSearcher searcher = index.searcher()) {
      for (int q = 0; q < queries.length; q++) {
        int[] ids = new int[THOROUGH];
        assertThat(searcher.search(queries[q], K, THOROUGH, ids)).isEqualTo(K);
        List<Integer> live =
            Arrays.stream(truth[q]).filter(id -> !deleted.contains(id)).limit(K).boxed().toList();
        for (int i = 0; i < K; i++) {
          assertThat(deleted).doesNotContain(ids[i]);
          hits += live.contains(ids[i]) ? 1 : 0;
        }
      }
    }
    return (double) hits / (queries.length * K);
  }

  @Test
  void aFamilyMeansItsMembersAndNoEngineComesTwice() {
    assertThat(Engines.namedAll(List.of("lucene-sq8", "lucene", "jvector")))
        .extracting(AnnEngine::name)
        .containsExactly(
            "lucene-sq8", "lucene-float", "lucene-bbq", "jvector-float", "jvector-fused");
  }

  @Test
  void refusesAnEngineItDoesNotKnow() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Engines.named("faiss"))
        .withMessageContaining("hnswlib-java")
        .withMessageContaining("'faiss'");
  }

  @Test
  void refusesAParameterTheEngineDoesNotHave() {
    Parameters defaults = Parameters.of("m", 16);

    assertThat(defaults.with(Map.of("m", "32"), "x").integer("m")).isEqualTo(32);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> defaults.with(Map.of("n", "1"), "x"))
        .withMessageContaining("parameter of x must be one of [m] but is 'n'");
  }

  private DataSet set(Metric metric) throws IOException {
    Random random = new Random(11);
    Path base = write(random, "base.fbin", ROWS);
    Path query = write(random, "query.fbin", 20);
    return new OwnFiles(new DataFolder(folder.resolve("cache"))).of(base, query, null, metric);
  }

  private Path write(Random random, String name, int count) throws IOException {
    Path file = folder.resolve(name);
    float[] row = new float[DIMENSION];
    try (BinWriter writer = new BinWriter(file, DIMENSION)) {
      for (int i = 0; i < count; i++) {
        for (int d = 0; d < DIMENSION; d++) {
          row[d] = (float) random.nextGaussian();
        }
        writer.write(row);
      }
    }
    return file;
  }
}
