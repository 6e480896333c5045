package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwoHopSearcherTest {

  private static final int ROWS = 6_000;
  private static final int K = 10;
  private static final int EF = 100;
  private static final long SEED = 5;

  private final TwoHopSearcher searcher = new TwoHopSearcher();
  private final int[] nodes = new int[EF];
  private final float[] distances = new float[EF];

  private int search(HnswGraph graph, Points points, float[] query, IntPredicate accept) {
    int[] accepted = IntStream.range(0, points.size()).filter(accept).toArray();
    int step = Math.max(1, accepted.length / 32);
    int[] seeds =
        IntStream.range(0, accepted.length)
            .filter(i -> i % step == 0)
            .map(i -> accepted[i])
            .toArray();
    return searcher.search(
        graph, points.scorer(query), seeds, seeds.length, EF, accept, nodes, distances);
  }

  @ParameterizedTest(name = "{0} of the rows")
  @ValueSource(doubles = {1, 0.5, 0.2, 0.1})
  void findsTheNearestOfTheRowsThatPass(double share) {
    Points points = Points.clustered(ROWS, 32, 40, SEED);
    HnswGraph graph = points.graph(new HnswParams(16, 200, SEED));
    var random = new SplittableRandom(SEED);
    var passes = new boolean[ROWS];
    for (int node = 0; node < ROWS; node++) {
      passes[node] = random.nextDouble() < share;
    }
    double found = 0;
    Points queries = Points.queries(points, 50, SEED + 1);
    for (float[] query : queries.rows()) {
      int count = search(graph, points, query, node -> passes[node]);
      assertThat(count).isEqualTo(EF);
      assertThat(Arrays.stream(nodes).allMatch(node -> passes[node])).isTrue();
      assertThat(Arrays.stream(nodes).distinct().count()).isEqualTo(EF);
      int[] ranking =
          Arrays.stream(points.ranking(query)).filter(node -> passes[node]).limit(K).toArray();
      float last = Points.squaredL2(query, points.row(ranking[K - 1]));
      found += IntStream.range(0, K).filter(i -> distances[i] <= last).count();
      assertThat(searcher.hops()).isPositive();
      assertThat(searcher.compared()).isBetween((long) EF, (long) ROWS);
    }
    assertThat(found / (K * 50)).as("seed %d", SEED).isGreaterThan(0.95);
  }

  /** Links through nodes that do not pass are asked for, some together, before they are read. */
  @Test
  void touchesWhatItGoesThrough() {
    Points points = Points.clustered(ROWS, 32, 40, SEED);
    HnswGraph graph = points.graph(new HnswParams(16, 200, SEED));
    IntPredicate accept = node -> node % 10 == 0;
    var touched = new HashSet<Integer>();
    var links =
        new NodeLinks() {
          @Override
          public int size() {
            return graph.size();
          }

          @Override
          public int degree() {
            return graph.degree();
          }

          @Override
          public int neighbours(int node, int[] into) {
            assertThat(accept.test(node) || touched.contains(node)).as("node %d", node).isTrue();
            return graph.neighbours(node, into);
          }

          @Override
          public int touch(int[] nodes, int from, int count) {
            assertThat(count).isBetween(1, TOUCHED);
            for (int i = from; i < from + count; i++) {
              assertThat(accept.test(nodes[i])).isFalse();
              touched.add(nodes[i]);
            }
            return count;
          }
        };
    int count =
        searcher.search(
            links, points.scorer(points.row(3)), new int[] {0}, 1, EF, accept, nodes, distances);
    assertThat(count).isEqualTo(EF);
    assertThat(touched).hasSizeGreaterThan(EF);
  }

  @Test
  void returnsNothingWhereNothingPasses() {
    Points points = Points.clustered(200, 8, 3, SEED);
    HnswGraph graph = points.graph(new HnswParams(16, 200, SEED));
    assertThat(search(graph, points, points.row(0), _ -> false)).isZero();
  }

  @Test
  void isCalmIfTheNearestWereExpandedEarly() {
    Points points = Points.clustered(ROWS, 32, 40, SEED);
    HnswGraph graph = points.graph(new HnswParams(16, 200, SEED));
    float[] row = points.row(7);

    int count = search(graph, points, row, _ -> true);
    int hops = searcher.hops();

    assertThat(nodes[0]).isEqualTo(7);
    assertThat(searcher.calm(nodes, 1)).isBetween(2.0, (double) hops);
    assertThat(searcher.calm(nodes, K)).isBetween(1.0, searcher.calm(nodes, 1));
    assertThat(searcher.calm(nodes, count)).as("the last came last").isLessThan(1.1);
  }
}
