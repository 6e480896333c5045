package io.firn.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The harness must find out adapters that cheat, knowingly or not. */
class SweepTest {

  private static final int K = 10;

  private final float[][] rows = vectors(new Random(1), 400);
  private final float[][] queries = vectors(new Random(2), 50);

  @Test
  void anExactIndexHasFullRecall() throws Exception {
    List<SweepPoint> points = sweep(new ExactIndex(rows), noneDeleted(), 1);

    assertThat(points).hasSize(1);
    assertThat(points.getFirst().recall()).isEqualTo(1);
    assertThat(points.getFirst().qps()).isPositive();
    assertThat(points.getFirst().slowestQps()).isLessThanOrEqualTo(points.getFirst().qps());
  }

  @Test
  void severalThreadsAskEachQueryOnce() throws Exception {
    assertThat(sweep(new ExactIndex(rows), noneDeleted(), 3).getFirst().recall()).isEqualTo(1);
  }

  @Test
  void droppedResultsAreCaught() {
    ExactIndex dropsTenPercent =
        new ExactIndex(rows) {
          @Override
          int[] nearest(float[] query, int k) {
            return super.nearest(query, k - k / 10);
          }
        };

    assertCaught(dropsTenPercent, "number of results of query 0 must be 10 but is 9");
  }

  @Test
  void resultsReplacedByFartherOnesCostRecall() throws Exception {
    ExactIndex replacesTenPercent =
        new ExactIndex(rows) {
          @Override
          int[] nearest(float[] query, int k) {
            int[] found = super.nearest(query, k + 40);
            found[0] = found[k + 39];
            return Arrays.copyOf(found, k);
          }
        };

    assertThat(sweep(replacesTenPercent, noneDeleted(), 1).getFirst().recall())
        .isCloseTo(0.9, within(1e-9));
  }

  @Test
  void duplicatesAreCaught() {
    ExactIndex repeats =
        new ExactIndex(rows) {
          @Override
          int[] nearest(float[] query, int k) {
            int[] found = super.nearest(query, k);
            found[k - 1] = found[0];
            return found;
          }
        };

    assertCaught(repeats, "result 9 of query 0 must be new");
  }

  @Test
  void idsThatNeverExistedAreCaught() {
    ExactIndex invents =
        new ExactIndex(rows) {
          @Override
          int[] nearest(float[] query, int k) {
            int[] found = super.nearest(query, k);
            found[3] = rows.length;
            return found;
          }
        };

    assertCaught(invents, "result 3 of query 0 must be an id in 0..399 but is 400");
  }

  @Test
  void deletedIdsAreCaught() throws Exception {
    int[] deleted = ChildWork.deleted(rows.length, 0.2);
    ExactIndex forgetsDeletes =
        new ExactIndex(rows) {
          @Override
          public void delete(int[] ids) {}
        };
    forgetsDeletes.delete(deleted);
    ExactIndex honest = new ExactIndex(rows);
    honest.delete(deleted);

    assertThat(sweep(honest, bits(deleted), 1).getFirst().recall()).isEqualTo(1);
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> sweep(forgetsDeletes, bits(deleted), 1))
        .withMessageContaining("it was deleted");
  }

  @Test
  void equallyNearRowsCountAsFound() throws Exception {
    float[][] twins = new float[60][];
    Arrays.setAll(twins, i -> new float[] {(float) (i >> 1), 0, 0, 0, 0, 0, 0, 0});
    ExactIndex prefersTheOtherTwin =
        new ExactIndex(twins) {
          @Override
          int[] nearest(float[] query, int k) {
            int[] found = super.nearest(query, k);
            found[k - 1] ^= 1;
            return found;
          }
        };
    Answers answers =
        new Answers(truth(twins, 20), distances(twins, 20), new BitSet(), twins.length, 3);

    assertThat(answers.hits(0, prefersTheOtherTwin.nearest(queries[0], 3), 3)).isEqualTo(3);
    Answers strict = new Answers(truth(twins, 20), null, new BitSet(), twins.length, 3);
    assertThat(strict.hits(0, prefersTheOtherTwin.nearest(queries[0], 3), 3)).isEqualTo(2);
  }

  @Test
  void truthOfAnotherBaseIsRefused() {
    int[][] truth = truth(rows, 100);
    truth[7][3] = rows.length;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Answers(truth, null, noneDeleted(), rows.length, K))
        .withMessageContaining("truth of query 7 must name rows 0..399 but names 400");
  }

  private void assertCaught(ExactIndex index, String message) {
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> sweep(index, noneDeleted(), 1))
        .withMessageContaining(message)
        .withMessageContaining("no speed of this engine is reported");
  }

  private List<SweepPoint> sweep(ExactIndex index, BitSet deleted, int threads) throws Exception {
    Answers answers = new Answers(truth(rows, 100), null, deleted, rows.length, K);
    return new Sweep(index, queries, answers, threads, 0).run(Sweep.knobs(K, rows.length), 0.5);
  }

  private int[][] truth(float[][] base, int depth) {
    ExactIndex exact = new ExactIndex(base);
    return Arrays.stream(queries).map(query -> exact.nearest(query, depth)).toArray(int[][]::new);
  }

  private float @Nullable [][] distances(float[][] base, int depth) {
    int[][] ids = truth(base, depth);
    float[][] distances = new float[queries.length][];
    for (int q = 0; q < queries.length; q++) {
      float[] query = queries[q];
      float[] own = new float[depth];
      for (int i = 0; i < depth; i++) {
        for (int d = 0; d < query.length; d++) {
          float difference = query[d] - base[ids[q][i]][d];
          own[i] += difference * difference;
        }
      }
      distances[q] = own;
    }
    return distances;
  }

  private static BitSet noneDeleted() {
    return new BitSet();
  }

  private static BitSet bits(int[] ids) {
    BitSet bits = new BitSet();
    IntStream.of(ids).forEach(bits::set);
    return bits;
  }

  private static float[][] vectors(Random random, int count) {
    float[][] vectors = new float[count][8];
    for (float[] vector : vectors) {
      for (int i = 0; i < vector.length; i++) {
        vector[i] = (float) random.nextGaussian();
      }
    }
    return vectors;
  }
}
