package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReusableSearchTest {

  private static final int DIMENSION = 20; // padded to 32
  private static final int K = 10;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @TempDir Path directory;

  private final Random random = new Random(7);

  /** Sealed rows, rows that came later, dead ones in both; long and string ids. */
  @ParameterizedTest
  @EnumSource(Metric.class)
  void resultsAreThoseOfSearch(Metric metric) {
    try (Database db = Firn.open(directory.resolve("db"))) {
      Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, metric));
      ReusableSearch reusable = rows.reusableSearch(K);
      requireSame(rows, reusable, "nothing");
      upsert(rows, 0, 5);
      requireSame(rows, reusable, "fewer rows than asked for");
      upsert(rows, 5, 3_000);
      rows.optimize();
      requireSame(rows, reusable, "one segment");
      upsert(rows, 3_000, 3_500);
      for (int id = 0; id < 3_500; id += 7) {
        rows.delete(id);
      }
      requireSame(rows, reusable, "deleted and fresh rows");
      rows.upsert("text", TestVectors.random(random, DIMENSION));
      rows.optimize();
      requireSame(rows, reusable, "mixed ids");
    }
  }

  private void upsert(Collection rows, long from, long to) {
    List<float[]> vectors = new ArrayList<>();
    for (long id = from; id < to; id++) {
      vectors.add(TestVectors.random(random, DIMENSION));
    }
    rows.upsertAll(
        LongStream.range(from, to)
            .mapToObj(id -> Row.of(id, vectors.get((int) (id - from))))
            .toList());
  }

  private void requireSame(Collection rows, ReusableSearch reusable, String what) {
    for (int i = 0; i < 30; i++) {
      float[] query = TestVectors.random(random, DIMENSION);
      List<Hit> hits = rows.search(query).k(K).ef(40).run();
      assertThat(reusable.ef(40).run(query)).as(what).isEqualTo(hits.size());
      assertThat(reusable.count()).isEqualTo(hits.size());
      for (int rank = 0; rank < hits.size(); rank++) {
        Hit hit = hits.get(rank);
        assertThat(reusable.id(rank)).as(what).isEqualTo(hit.id());
        assertThat(reusable.hasLongId(rank)).isEqualTo(hit.hasLongId());
        assertThat(reusable.distance(rank)) // lanes are summed in another order until C2 comes
            .isCloseTo(hit.distance(), withPercentage(0.001));
        if (hit.hasLongId()) {
          assertThat(reusable.longId(rank)).isEqualTo(hit.longId());
        }
      }
    }
  }

  /** In a process of its own: what C2 inlines into the search follows what else has run. */
  @Test
  void nothingIsAllocated() throws Exception {
    ChildProcess.Result result = ChildProcess.run(Allocation.class, directory);
    assertThat(result.lines()).as(result.errors()).containsExactly("alive: 0", "some dead: 0");
  }

  /** Says how many bytes searches allocate. */
  static final class Allocation {

    private Allocation() {}

    public static void main(String[] arguments) {
      var test = new ReusableSearchTest();
      try (Database db = Firn.open(Path.of(arguments[0]).resolve("db"))) {
        Collection rows = db.collection("rows", CollectionSpec.of(DIMENSION, Metric.EUCLIDEAN));
        test.upsert(rows, 0, 8_000);
        rows.optimize();
        System.out.println("alive: " + test.leastBytes(rows));
        rows.delete(17);
        System.out.println("some dead: " + test.leastBytes(rows));
      }
    }
  }

  /** The least that some hundred searches allocate, once C2 is done with them. */
  private long leastBytes(Collection rows) {
    ReusableSearch search = rows.reusableSearch(K).ef(48);
    float[][] queries = new float[100][];
    for (int i = 0; i < queries.length; i++) {
      queries[i] = TestVectors.random(random, DIMENSION);
    }
    long end = THREADS.getCurrentThreadCpuTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && THREADS.getCurrentThreadCpuTime() < end) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (float[] query : queries) {
        assertFound(search.run(query));
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }

  private static void assertFound(int count) {
    if (count != K) {
      throw new AssertionError("found " + count);
    }
  }

  @Test
  void badInputIsRefusedAndLeavesNoResults() {
    Collection rows;
    ReusableSearch search;
    try (Database db = Firn.inMemory()) {
      rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      rows.upsert("a", new float[] {1, 2});
      assertThatThrownBy(() -> rows.reusableSearch(0))
          .isInstanceOf(FirnException.InvalidInput.class)
          .hasMessageContaining("k must be");
      search = rows.reusableSearch(1);
      assertThatThrownBy(() -> search.ef(0)).isInstanceOf(FirnException.InvalidInput.class);
      assertThat(search.run(new float[] {1, 1})).isEqualTo(1);
      assertThatThrownBy(() -> search.longId(0))
          .isInstanceOf(FirnException.InvalidInput.class)
          .hasMessageContaining("\"a\"");
      assertThatThrownBy(() -> search.distance(1)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> search.run(new float[] {1, Float.NaN}))
          .isInstanceOf(FirnException.InvalidInput.class);
      assertThat(search.count()).isZero();
    }
    assertThatThrownBy(() -> search.run(new float[] {1, 1}))
        .isInstanceOf(FirnException.Closed.class);
  }
}
