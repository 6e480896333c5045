package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatGraphBuilderTest {

  private static final HnswParams PARAMS = new HnswParams(8, 60, 5);

  private static FlatGraph build(Points points, int threads) {
    return FlatGraphBuilder.build(points.size(), PARAMS, points.distances(), threads, _ -> {});
  }

  private static int[] links(FlatGraph graph, int node) {
    int[] into = new int[graph.degree()];
    int count = graph.neighbours(node, into);
    return Arrays.copyOf(into, count);
  }

  @Test
  void buildsTheSameGraphWithAnyNumberOfThreads() {
    Points points = Points.clustered(3_000, 12, 20, 1);
    FlatGraph one = build(points, 1);
    for (int threads : new int[] {2, 4, 7}) {
      FlatGraph many = build(points, threads);
      for (int node = 0; node < points.size(); node++) {
        assertThat(links(many, node))
            .as("%d threads, node %d", threads, node)
            .isEqualTo(links(one, node));
      }
    }
  }

  private static FlatGraph mixed(Points points, int threads) {
    NodeDistances products =
        (node, nodes, distances, count) -> {
          for (int i = 0; i < count; i++) {
            distances[i] = -product(points.rows()[node], points.rows()[nodes[i]]);
          }
        };
    return FlatGraphBuilder.buildMixed(
        points.size(), PARAMS, products, points.distances(), threads, _ -> {});
  }

  private static float product(float[] a, float[] b) {
    float sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Links by length alone lead past the long vectors, those by product past their neighbours. */
  @Test
  void mixesLinksOfBothDistancesWithAnyNumberOfThreads() {
    Points points = Points.clustered(2_000, 12, 20, 1);
    FlatGraph near = build(points, 1);
    FlatGraph one = mixed(points, 1);
    FlatGraph many = mixed(points, 3);
    int shared = 0;
    for (int node = 0; node < points.size(); node++) {
      assertThat(links(many, node)).as("node %d", node).isEqualTo(links(one, node));
      BitSet byLength = new BitSet();
      Arrays.stream(links(near, node)).forEach(byLength::set);
      shared += (int) Arrays.stream(links(one, node)).filter(byLength::get).count();
    }
    assertThat((double) shared / points.size() / one.degree()).isBetween(0.45, 0.75);
    requireSound(points, one);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 17, 64, 65, 500})
  void givesEveryNodeValidLinksAndReachesAll(int size) {
    Points points = Points.clustered(size, 6, 4, 3);
    requireSound(points);
    requireSound(points, mixed(points, 2));
  }

  @Test
  void reachesAllEvenAmongDuplicates() {
    requireSound(Points.identical(2_000, 3));
  }

  @Test
  void reachesIslandsFarApart() {
    var islands = Points.islands(40, 50, 4, 9);
    requireSound(islands);
  }

  private static void requireSound(Points points) {
    requireSound(points, build(points, 2));
  }

  private static void requireSound(Points points, FlatGraph graph) {
    assertThat(graph.size()).isEqualTo(points.size());
    var reached = new BitSet();
    var waiting = new ArrayDeque<Integer>();
    if (points.size() > 0) {
      reached.set(0);
      waiting.add(0);
    }
    while (!waiting.isEmpty()) {
      int node = waiting.remove();
      int[] links = links(graph, node);
      assertThat(links).as("node %d", node).doesNotHaveDuplicates().doesNotContain(node);
      for (int link : links) {
        assertThat(link).isBetween(0, points.size() - 1);
        if (!reached.get(link)) {
          reached.set(link);
          waiting.add(link);
        }
      }
    }
    assertThat(reached.cardinality()).isEqualTo(points.size());
  }

  @Test
  void fillsNearlyEveryPlaceWhereThereAreNodesEnough() {
    Points points = Points.clustered(1_000, 8, 5, 2);
    FlatGraph graph = build(points, 2);
    int filled = 0;
    for (int node = 0; node < points.size(); node++) {
      filled += links(graph, node).length;
    }
    assertThat(filled).isGreaterThan(points.size() * graph.degree() * 95 / 100);
  }

  @Test
  void linksMostNodesToTheirNearest() {
    Points points = Points.clustered(2_000, 10, 10, 4);
    FlatGraph graph = build(points, 2);
    int linked = 0;
    for (int node = 0; node < points.size(); node++) {
      int nearest = points.ranking(points.row(node))[1];
      int self = node;
      int other = nearest == self ? points.ranking(points.row(node))[0] : nearest;
      linked += Arrays.stream(links(graph, node)).anyMatch(link -> link == other) ? 1 : 0;
    }
    assertThat(linked).isGreaterThan(1_950);
  }

  @Test
  void endsWhenProgressThrows() {
    Points points = Points.clustered(2_000, 4, 4, 6);
    var heard = new AtomicInteger();
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(() ->
            FlatGraphBuilder.build(
                points.size(),
                PARAMS,
                points.distances(),
                2,
                done -> {
                  heard.set(done);
                  if (done > 500) {
                    throw new CancellationException("enough");
                  }
                }));
    assertThat(heard.get()).isBetween(501, 1_000);
  }

  @Test
  void passesOnWhatDistancesThrowInAnotherThread() {
    Thread caller = Thread.currentThread();
    NodeDistances failing =
        (node, nodes, distances, count) -> {
          if (!Thread.currentThread().equals(caller)) {
            throw new IllegalStateException("bad row");
          }
          LockSupport.parkNanos(20_000); // the other threads get their share
          Arrays.fill(distances, 0, count, Math.abs(node - 7));
        };
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> FlatGraphBuilder.build(3_000, PARAMS, failing, 4, _ -> {}))
        .withMessage("bad row");
  }
}
