package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphSearcherTest {

  private final GraphSearcher searcher = new GraphSearcher();

  @ParameterizedTest(name = "{0} clusters, seed {1}")
  @CsvSource({"1,1", "40,2", "400,3"})
  void findsNearestTenAtDefaultParameters(int clusters, long seed) {
    Points points = Points.clustered(6000, 32, clusters, seed);
    Points queries = Points.queries(points, 100, seed + 100);
    HnswGraph graph = points.graph(new HnswParams(16, 200, seed));
    SealedGraph sealed = SealedGraph.open(HnswGraphTest.segment(graph));
    double found = 0;
    for (float[] query : queries.rows()) {
      float[] distances = new float[10];
      int count =
          searcher.search(
              sealed, points.scorer(query), 100, LayerSearch.EVERY_NODE, new int[10], distances);
      int[] best = points.ranking(query);
      float tenth = Points.squaredL2(query, points.rows()[best[9]]);
      for (int i = 0; i < count; i++) {
        found += distances[i] <= tenth ? 1 : 0; // by distance: duplicates tie
      }
    }

    assertThat(found / 1000).as("recall@10, seed %d", seed).isGreaterThanOrEqualTo(0.95);
  }

  @ParameterizedTest(name = "{0} points")
  @ValueSource(ints = {1, 2, 3, 17, 600, 2000})
  void equalsBruteForceWhenEfIsTheSize(int count) {
    Points points = Points.clustered(count, 6, 7, 5);
    HnswGraph graph = points.graph(new HnswParams(4, 20, 9));
    for (float[] query : Points.queries(points, 10, 6).rows()) {
      int[] nodes = new int[count];
      float[] distances = new float[count];

      assertThat(
              searcher.search(
                  graph, points.scorer(query), count, LayerSearch.EVERY_NODE, nodes, distances))
          .isEqualTo(count);
      assertThat(nodes).isEqualTo(points.ranking(query));
      for (int i = 0; i < count; i++) {
        assertThat(distances[i]).isEqualTo(Points.squaredL2(query, points.rows()[nodes[i]]));
      }
    }
  }

  @Test
  void findsEveryOneOfIdenticalPoints() {
    Points points = Points.identical(3000, 3);
    HnswGraph graph = points.graph(new HnswParams(4, 20, 9));
    int[] nodes = new int[3000];

    int count =
        searcher.search(
            graph,
            points.scorer(new float[3]),
            3000,
            LayerSearch.EVERY_NODE,
            nodes,
            new float[3000]);

    assertThat(count).isEqualTo(3000);
    assertThat(nodes).isEqualTo(points.ranking(new float[3]));
  }

  @Test
  void findsNothingInAnEmptyGraph() {
    HnswGraph graph = new HnswGraph(HnswParams.DEFAULT);
    NodeScorer none = (_, _, _) -> {};

    assertThat(searcher.search(graph, none, 10, LayerSearch.EVERY_NODE, new int[10], new float[10]))
        .isZero();
    assertThat(
            searcher.search(
                SealedGraph.open(HnswGraphTest.segment(graph)),
                none,
                10,
                LayerSearch.EVERY_NODE,
                new int[10],
                new float[10]))
        .isZero();
  }

  @ParameterizedTest(name = "every {0}th node accepted")
  @ValueSource(ints = {2, 50, 1999})
  void returnsOnlyAcceptedNodesAndAllOfThemWhenTheyAreFew(int step) {
    Points points = Points.clustered(2000, 8, 10, 8);
    HnswGraph graph = points.graph(new HnswParams(8, 50, 1));
    IntPredicate accept = node -> node % step == 0;
    float[] query = points.rows()[77];
    int[] nodes = new int[1000];

    int count = searcher.search(graph, points.scorer(query), 1000, accept, nodes, new float[1000]);

    int[] expected = Arrays.stream(points.ranking(query)).filter(accept).limit(1000).toArray();
    assertThat(Arrays.copyOf(nodes, count)).isEqualTo(expected);
  }

  @Test
  void returnsNothingWhenNoNodeIsAccepted() {
    Points points = Points.clustered(500, 8, 10, 8);
    HnswGraph graph = points.graph(HnswParams.DEFAULT);
    NodeScorer scorer = points.scorer(points.rows()[0]);

    assertThat(searcher.search(graph, scorer, 10, node -> false, new int[10], new float[10]))
        .isZero();
  }

  @Test
  void returnsNoMoreThanTheArraysHoldAndTheNearestOfThem() {
    Points points = Points.clustered(800, 8, 10, 8);
    HnswGraph graph = points.graph(HnswParams.DEFAULT);
    float[] query = points.rows()[3];
    int[] three = new int[3];

    assertThat(
            searcher.search(
                graph, points.scorer(query), 800, LayerSearch.EVERY_NODE, three, new float[3]))
        .isEqualTo(3);
    assertThat(three).isEqualTo(Arrays.copyOf(points.ranking(query), 3));
    assertThat(
            searcher.search(
                graph, points.scorer(query), 10, LayerSearch.EVERY_NODE, new int[0], new float[0]))
        .isZero();
    assertThat(
            searcher.search(
                graph, points.scorer(query), 2, LayerSearch.EVERY_NODE, new int[9], new float[9]))
        .isEqualTo(2);
  }

  @Test
  void ordersNegativeAndZeroDistances() {
    float[] values = {0.0f, -0.0f, -3, 5, -1e30f, 1e30f, Float.MIN_VALUE};
    NodeDistances apart =
        (node, nodes, distances, count) -> {
          for (int i = 0; i < count; i++) {
            distances[i] = Math.abs(values[node] - values[nodes[i]]);
          }
        };
    HnswGraph graph = new HnswGraph(HnswParams.DEFAULT);
    for (int node = 0; node < values.length; node++) {
      graph.insert(node, apart);
    }
    NodeScorer signed =
        (nodes, distances, count) -> {
          for (int i = 0; i < count; i++) {
            distances[i] = values[nodes[i]];
          }
        };
    int[] nodes = new int[7];
    searcher.search(graph, signed, 7, LayerSearch.EVERY_NODE, nodes, new float[7]);

    assertThat(nodes).containsExactly(4, 2, 0, 1, 6, 3, 5);
  }

  @Test
  void allocatesNothingOnceWarm() {
    Points points = Points.clustered(3000, 8, 10, 8);
    HnswGraph graph = points.graph(HnswParams.DEFAULT);
    NodeScorer scorer = points.scorer(points.rows()[5]);
    int[] nodes = new int[10];
    float[] distances = new float[10];
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 200; i++) {
      searcher.search(graph, scorer, 100, LayerSearch.EVERY_NODE, nodes, distances);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      searcher.search(graph, scorer, 100, LayerSearch.EVERY_NODE, nodes, distances);
    }

    assertThat(threads.getCurrentThreadAllocatedBytes() - before)
        .as("bytes in 1000 searches")
        .isLessThan(1000);
  }

  @Test
  void refusesEfBelowOneAndUnequalArrays() {
    HnswGraph graph = new HnswGraph(HnswParams.DEFAULT);
    NodeScorer none = (_, _, _) -> {};

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> searcher.search(graph, none, 0, LayerSearch.EVERY_NODE, new int[1], new float[1]))
        .withMessageContaining("ef must be at least 1 but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            searcher.search(graph, none, 1, LayerSearch.EVERY_NODE, new int[2], new float[1]));
  }

  @Test
  void isCalmIfTheNearestWereExpandedEarly() {
    Points points = Points.clustered(3_000, 32, 40, 6);
    HnswGraph graph = points.graph(new HnswParams(16, 100, 6));
    int[] nodes = new int[100];
    int count =
        searcher.search(
            graph,
            points.scorer(points.row(7)),
            100,
            LayerSearch.EVERY_NODE,
            nodes,
            new float[100]);

    assertThat(nodes[0]).isEqualTo(7);
    assertThat(searcher.calm(nodes, 1)).isGreaterThan(2);
    assertThat(searcher.calm(nodes, 10)).isBetween(1.0, searcher.calm(nodes, 1));
    assertThat(searcher.calm(nodes, count)).as("the last came last").isLessThan(1.1);
  }
}
