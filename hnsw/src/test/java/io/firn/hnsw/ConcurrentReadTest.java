package io.firn.hnsw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ConcurrentReadTest {

  private static final int COUNT = 12_000;
  private static final int READERS = 3;

  @Test
  void readersFindInsertedNodesWhileTheWriterRuns() throws Exception {
    Points points = Points.clustered(COUNT, 16, 50, 91);
    HnswGraph graph = new HnswGraph(new HnswParams(8, 60, 91));
    try (var threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<double[]>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        int seed = i;
        readers.add(threads.submit((Callable<double[]>) () -> read(graph, points, seed)));
      }
      points.insert(graph, 0, COUNT);
      for (Future<double[]> reader : readers) {
        double[] outcome = reader.get();
        assertThat(outcome[0]).as("searches").isGreaterThan(50);
        assertThat(outcome[1] / outcome[0])
            .as("share that found the row itself")
            .isGreaterThan(0.98);
      }
    }
    new GraphValidator(graph).requireSound();
  }

  /** Searches for rows known to be inserted, until all are. Returns searches and successes. */
  private static double[] read(HnswGraph graph, Points points, int seed) {
    var random = new java.util.SplittableRandom(seed);
    var searcher = new GraphSearcher();
    int[] nodes = new int[5];
    float[] distances = new float[5];
    double searches = 0;
    double found = 0;
    while (graph.size() < COUNT) {
      int size = graph.size();
      if (size == 0) {
        Thread.onSpinWait();
        continue;
      }
      int target = random.nextInt(size);
      NodeScorer scorer = checked(graph, points.scorer(points.rows()[target]));
      int count = searcher.search(graph, scorer, 40, node -> true, nodes, distances);
      searches++;
      found += count > 0 && distances[0] == 0 ? 1 : 0;
    }
    return new double[] {searches, found};
  }

  /** Fails on a node that was not inserted when the scorer was asked. */
  private static NodeScorer checked(HnswGraph graph, NodeScorer scorer) {
    return (nodes, distances, count) -> {
      for (int i = 0; i < count; i++) {
        if (nodes[i] < 0 || nodes[i] >= graph.size()) {
          throw new AssertionError("reader met node " + nodes[i]);
        }
      }
      scorer.score(nodes, distances, count);
    };
  }
}
