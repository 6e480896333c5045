package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordSearcherTest {

  private static final int DEGREE = 32;

  private final RecordSearcher searcher = new RecordSearcher();

  /** Records with exact node distances, and neighbour estimates off by a random factor. */
  private static final class NoisyRecords implements NodeRecords {

    private final Points points;
    private final Graph graph;
    private final float[] query;
    private final float noise;
    private final Random random;
    private final int[] links = new int[DEGREE];
    private final Set<Integer> touched = new HashSet<>();
    private final Set<Integer> announced = new HashSet<>();
    private boolean cold;

    NoisyRecords(Points points, Graph graph, float[] query, float noise, long seed) {
      this.points = points;
      this.graph = graph;
      this.query = query;
      this.noise = noise;
      this.random = new Random(seed);
    }

    @Override
    public int size() {
      return graph.size();
    }

    @Override
    public boolean wantsAhead() {
      return cold;
    }

    @Override
    public void ahead(int[] nodes, int count) {
      assertThat(count).isBetween(0, AHEAD);
      for (int i = 0; i < count; i++) {
        assertThat(touched).as("announced for nothing").doesNotContain(nodes[i]);
        announced.add(nodes[i]);
      }
    }

    @Override
    public int touch(int[] nodes, int count) {
      assertThat(count).isBetween(1, TOUCHED);
      for (int i = 0; i < count; i++) {
        assertThat(announced.contains(nodes[i])).as("announced ahead").isEqualTo(cold);
        touched.add(nodes[i]);
      }
      return count;
    }

    @Override
    public float distance(int node) {
      assertThat(touched).as("touched before it is computed with").contains(node);
      return Points.squaredL2(query, points.rows()[node]);
    }

    @Override
    public int below(int node, float distance, float threshold, int[] nodes, float[] estimates) {
      int count = graph.neighbours(0, node, links);
      int found = 0;
      for (int i = 0; i < count; i++) {
        float exact = Points.squaredL2(query, points.rows()[links[i]]);
        float estimate = exact * (1 + noise * (float) random.nextGaussian());
        if (estimate < threshold) {
          nodes[found] = links[i];
          estimates[found++] = estimate;
        }
      }
      return found;
    }
  }

  private int search(NodeRecords records, int ef, IntPredicate accept, int[] nodes) {
    return searcher.search(
        records, new int[] {0}, new float[] {0}, 1, ef, accept, nodes, new float[nodes.length]);
  }

  @ParameterizedTest(name = "noise {0}, seed {1}")
  @CsvSource({"0,1", "0.15,2", "0.2,3"})
  void findsNearestTenDespiteNoisyEstimates(float noise, long seed) {
    Points points = Points.clustered(6_000, 32, 40, seed);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 200, seed));
    int found = 0;
    int hops = 0;
    for (float[] query : Points.queries(points, 100, seed + 100).rows()) {
      int[] nodes = new int[10];
      int count =
          search(
              new NoisyRecords(points, graph, query, noise, seed),
              150,
              LayerSearch.EVERY_NODE,
              nodes);
      hops += searcher.expanded();
      Set<Integer> best = new HashSet<>();
      Arrays.stream(points.ranking(query)).limit(10).forEach(best::add);
      for (int i = 0; i < count; i++) {
        found += best.contains(nodes[i]) ? 1 : 0;
      }
    }

    assertThat(found / 1000.0).as("recall@10, seed %d", seed).isGreaterThanOrEqualTo(0.95);
    assertThat(hops / 100).as("records a query, of %d", points.rows().length).isLessThan(600);
  }

  @Test
  void announcesRecordsBeforeItTouchesThem() {
    Points points = Points.clustered(2_000, 16, 20, 8);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 100, 8));
    for (float[] query : Points.queries(points, 20, 8).rows()) {
      var warm = new NoisyRecords(points, graph, query, 0.1f, 8);
      int[] expected = new int[10];
      search(warm, 40, LayerSearch.EVERY_NODE, expected);
      var cold = new NoisyRecords(points, graph, query, 0.1f, 8);
      cold.cold = true;
      int[] nodes = new int[10];
      search(cold, 40, LayerSearch.EVERY_NODE, nodes);

      assertThat(nodes).containsExactly(expected);
      assertThat(cold.announced).hasSizeBetween(cold.touched.size(), 2 * cold.touched.size() + 8);
    }
  }

  /** Whoever finds the nearest late may find nearer ones still; early, hardly. */
  @Test
  void isCalmIfTheNearestWereExpandedEarly() {
    long seed = 4;
    Points points = Points.clustered(6_000, 32, 40, seed);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 200, seed));
    int settled = 0;
    for (float[] query : Points.queries(points, 100, seed).rows()) {
      var order = new ArrayList<Integer>();
      IntPredicate noting =
          node -> {
            order.add(node);
            return true;
          };
      int[] nodes = new int[10];
      search(new NoisyRecords(points, graph, query, 0.15f, seed), 40, noting, nodes);
      int last = Arrays.stream(nodes).map(order::indexOf).max().orElseThrow() + 1;
      assertThat(searcher.calm(nodes, 10)).isEqualTo((double) order.size() / last);
      assertThat(searcher.calm(nodes, 1))
          .isEqualTo((double) order.size() / (order.indexOf(nodes[0]) + 1));
      settled += searcher.calm(nodes, 10) >= 2 ? 1 : 0;
    }
    assertThat(settled).as("seed %d", seed).isBetween(1, 99);
  }

  @ParameterizedTest(name = "{0} points")
  @ValueSource(ints = {1, 2, 3, 600})
  void ranksEveryNodeWhenThePoolHoldsAll(int count) {
    Points points = Points.clustered(count, 6, 7, 5);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 40, 9));
    for (float[] query : Points.queries(points, 5, 6).rows()) {
      int[] nodes = new int[count];
      int found =
          search(
              new NoisyRecords(points, graph, query, 0.1f, 1),
              DEGREE * count, // a node stands in the pool once for each parent
              LayerSearch.EVERY_NODE,
              nodes);

      assertThat(found).isEqualTo(count);
      assertThat(nodes).isEqualTo(points.ranking(query));
    }
  }

  @Test
  void returnsOnlyAcceptedNodesAndWalksThroughTheOthers() {
    Points points = Points.clustered(2_000, 8, 10, 3);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 100, 3));
    float[] query = Points.queries(points, 1, 4).rows()[0];
    int[] nodes = new int[10];

    int count =
        search(
            new NoisyRecords(points, graph, query, 0, 1),
            DEGREE * 2_000,
            node -> node % 50 == 7,
            nodes);

    int[] expected =
        Arrays.stream(points.ranking(query)).filter(node -> node % 50 == 7).limit(10).toArray();
    assertThat(count).isEqualTo(10);
    assertThat(nodes).isEqualTo(expected);
    assertThat(search(new NoisyRecords(points, graph, query, 0, 1), 100, _ -> false, nodes))
        .isZero();
  }

  @Test
  void startsAtTheBestSeedAndNeedsNoOrder() {
    Points points = Points.clustered(2_000, 8, 10, 3);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 100, 3));
    float[] query = points.rows()[1_234];
    int[] nodes = new int[1];
    var records = new NoisyRecords(points, graph, query, 0, 1);

    int count =
        searcher.search(
            records,
            new int[] {5, 1_234, 9},
            new float[] {3, 0, 2},
            3,
            1,
            LayerSearch.EVERY_NODE,
            nodes,
            new float[1]);

    assertThat(count).isEqualTo(1);
    assertThat(nodes).containsExactly(1_234);
    assertThat(searcher.expanded()).isLessThanOrEqualTo(2);
  }

  @Test
  void namesTheNodeWhoseRecordIsDamaged() {
    Points points = Points.clustered(100, 8, 10, 3);
    HnswGraph graph = points.graph(new HnswParams(DEGREE / 2, 100, 3));
    NodeRecords damaged =
        new NodeRecords() {
          @Override
          public int size() {
            return graph.size();
          }

          @Override
          public boolean wantsAhead() {
            return false;
          }

          @Override
          public void ahead(int[] nodes, int count) {
            throw new AssertionError("not wanted");
          }

          @Override
          public int touch(int[] nodes, int count) {
            return 0;
          }

          @Override
          public float distance(int node) {
            return 1;
          }

          @Override
          public int below(int node, float distance, float limit, int[] nodes, float[] estimates) {
            nodes[0] = 100;
            estimates[0] = 0.5f;
            return 1;
          }
        };

    assertThatExceptionOfType(CorruptGraphException.class)
        .isThrownBy(() -> search(damaged, 10, LayerSearch.EVERY_NODE, new int[1]))
        .withMessageContaining("100");
  }

  @Test
  void takesEachNodeOnceAtItsLowestEstimate() {
    var seen = new SeenNodes();
    var pool = new CandidatePool();
    var random = new Random(11);
    for (int round = 0; round < 200; round++) {
      int ef = 1 + random.nextInt(40);
      seen.clear();
      pool.reset(ef);
      Map<Integer, Float> lowest = new HashMap<>();
      for (int i = 0; i < 5 * ef; i++) {
        int node = random.nextInt(1 + random.nextInt(60));
        float estimate = random.nextInt(100);
        lowest.merge(node, estimate, Math::min);
        float before = seen.offer(node, estimate);
        if (before == Float.POSITIVE_INFINITY) {
          pool.offer(node, estimate);
        } else if (estimate < before) {
          pool.improve(node, before, estimate);
        }
        if (random.nextInt(8) == 0) {
          pool.settle();
        }
      }
      pool.settle();
      List<Integer> expected =
          lowest.keySet().stream()
              .sorted(Comparator.<Integer>comparingDouble(lowest::get).thenComparing(n -> n))
              .limit(ef)
              .toList();
      List<Integer> taken = new ArrayList<>();
      for (int node = pool.take(); node >= 0; node = pool.take()) {
        seen.expand(node, taken.size());
        taken.add(node);
        assertThat(seen.offer(node, -1e30f)).as("seed 11, node %d", node).isLessThan(-1e30f);
      }
      assertThat(taken).as("seed 11, round %d, ef %d", round, ef).isEqualTo(expected);
    }
  }

  /** To ask for a node makes room for it, so the table grows while it is asked. */
  @Test
  void tellsTurnsOfNodesThatNobodyMet() {
    var seen = new SeenNodes();
    seen.expand(5_000, 7);
    int[] asked = IntStream.rangeClosed(0, 5_000).toArray();
    assertThat(seen.lastTurn(asked, asked.length)).isEqualTo(7);
    assertThat(seen.lastTurn(asked, asked.length - 1)).isOne();
  }

  @Test
  void remembersThousandsOfNodes() {
    var seen = new SeenNodes();
    var random = new Random(13);
    for (int round = 0; round < 20; round++) {
      seen.clear();
      Map<Integer, Float> model = new HashMap<>();
      Map<Integer, Integer> turns = new HashMap<>();
      for (int i = 0; i < 500 * round; i++) {
        int node = random.nextInt(1 << (1 + random.nextInt(30)));
        float estimate = random.nextFloat();
        assertThat(seen.offer(node, estimate))
            .as("seed 13, node %d", node)
            .isEqualTo(model.getOrDefault(node, Float.POSITIVE_INFINITY));
        model.merge(node, estimate, Math::min);
        int expanded = random.nextInt(1 << 30); // also a node that nobody offered
        seen.expand(expanded, i);
        turns.put(expanded, i);
        model.put(expanded, Float.NEGATIVE_INFINITY);
      }
      for (int node : model.keySet()) {
        assertThat(seen.lastTurn(new int[] {node, -7}, 2))
            .as("seed 13, node %d", node)
            .isEqualTo(Math.max(1, turns.getOrDefault(node, 1)));
      }
    }
  }
}
