package io.firn.hnsw;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Builds a {@link FlatGraph} with several threads, the same for any number of them: nodes come in a
 * random order and in batches; those of a batch search the graph of the batches before, then each
 * node that was linked to takes its new neighbours at once (prefix doubling and batch insertion as
 * in ParlayANN, arXiv:2305.04359). At the end every node chooses anew among its neighbours' own
 * neighbours and fills every place it has.
 */
public final class FlatGraphBuilder {

  /** A batch is at most this part of the nodes before it: they do not see each other. */
  private static final int NODES_PER_BATCH_NODE = 16;

  /**
   * Neighbours' neighbours that the last choice considers, for each link. On 60,000 images with ef
   * 100, a search of 32 candidates found .990 with 3, .992 with 8 and with 20, which took a quarter
   * longer to build.
   */
  private static final int NEAR_PER_LINK = 8;

  private static final int MAX_BATCH = 1 << 14;

  private final int size;
  private final int degree;
  private final int ef;
  private final NodeDistances between;
  private final IntConsumer progress;
  private final int[] order;
  private final FlatGraph links;
  private final BuildWorkers<FlatScratch> workers;
  private long[] backLinks = new long[0]; // target in the upper half, source in the lower
  private int[] starts = new int[0];
  private int done;

  private FlatGraphBuilder(
      int size, HnswParams params, NodeDistances between, int threads, IntConsumer progress) {
    this.size = size;
    this.degree = params.maxDegree(0);
    this.ef = params.efConstruction();
    this.between = between;
    this.progress = progress;
    this.order = shuffled(size, params.seed());
    this.links = new FlatGraph(size, roomyDegree());
    this.workers =
        new BuildWorkers<>(threads, () -> new FlatScratch(this.between, roomyDegree() + 1));
  }

  /** Lists grow beyond the degree before they are cut back to it: cutting is what costs. */
  private int roomyDegree() {
    return degree + degree / 2;
  }

  /**
   * Heap that a build takes for each node: the growing and the finished graph, the order, marks of
   * each thread, and what the last repair notes.
   */
  public static long heapBytesPerNode(HnswParams params, int threads) {
    return heapBytesPerNode(params, threads, 0);
  }

  /** The same for {@link #buildMixed}. */
  public static long mixedHeapBytesPerNode(HnswParams params, int threads) {
    return heapBytesPerNode(params, threads, 1);
  }

  private static long heapBytesPerNode(HnswParams params, int threads, int otherGraphs) {
    int degree = params.maxDegree(0);
    int links = (degree + degree / 2 + 1) + (1 + otherGraphs) * (degree + 1);
    int notes = 3; // the place in the order; who reached a node, and when
    return (long) Integer.BYTES * (links + notes) + threads; // a thread's marks are 3/16 of a byte
  }

  /**
   * Builds a graph of the nodes {@code 0..size-1} with up to {@code 2 * m} links each. From node 0
   * every node can be reached.
   *
   * @param between asked by all threads at once
   * @param threads at least 1
   * @param progress hears how many nodes are linked; what it throws ends the build
   */
  public static FlatGraph build(
      int size, HnswParams params, NodeDistances between, int threads, IntConsumer progress) {
    var builder = new FlatGraphBuilder(size, params, between, threads, progress);
    while (builder.done < size) {
      builder.insertBatch();
    }
    return builder.finish();
  }

  /**
   * Builds a graph whose nodes have links of two kinds, in turn: those they would have by the one
   * distance and by the other. For searches by a distance under which nodes near a third need not
   * be near each other, such as a negated inner product: its own links lead fast to the long
   * vectors in the query's direction, those by length find the way among rows of a kind.
   *
   * @param progress hears numbers up to {@code size}, as of {@link #build}
   */
  public static FlatGraph buildMixed(
      int size,
      HnswParams params,
      NodeDistances one,
      NodeDistances other,
      int threads,
      IntConsumer progress) {
    FlatGraph first = build(size, params, one, threads, linked -> progress.accept(linked / 2));
    FlatGraph second =
        build(size, params, other, threads, linked -> progress.accept((size + linked) / 2));
    FlatGraph mixed = FlatGraph.inTurn(first, second);
    new Reachability(mixed, one).repair();
    return mixed;
  }

  private static int[] shuffled(int size, long seed) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    var random = new SplittableRandom(seed);
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int moved = order[i];
      order[i] = order[other];
      order[other] = moved;
    }
    return order;
  }

  private void insertBatch() {
    int from = done;
    int batch = Math.clamp(from / NODES_PER_BATCH_NODE, 1, MAX_BATCH);
    int count = Math.min(batch, size - from);
    int entries = Math.min(from, FlatScratch.ENTRIES);
    workers.run(
        count,
        (scratch, i) -> {
          scratch.search(links, order[from + i], order, entries, ef);
          scratch.linkDiverse(links, order[from + i], degree);
        },
        claimed -> progress.accept(from + claimed));
    linkBack(from, count);
    done = from + count;
  }

  private void linkBack(int from, int count) {
    int pairs = collectBackLinks(from, count);
    Arrays.parallelSort(backLinks, 0, pairs);
    int groups = findGroups(pairs);
    workers.run(
        groups,
        (scratch, i) -> {
          int target = (int) (backLinks[starts[i]] >>> 32);
          scratch.neighboursAnd(links, target, backLinks, starts[i], starts[i + 1]);
          scratch.link(links, target, links.degree(), degree);
        },
        _ -> {});
  }

  private int collectBackLinks(int from, int count) {
    int[] list = new int[links.degree()];
    if (backLinks.length < count * degree) {
      backLinks = new long[count * degree];
    }
    int pairs = 0;
    for (int i = from; i < from + count; i++) {
      int chosen = links.neighbours(order[i], list);
      for (int j = 0; j < chosen; j++) {
        backLinks[pairs++] = ((long) list[j] << 32) | order[i];
      }
    }
    return pairs;
  }

  /** Where the links back to each target begin; the end of the last behind them. */
  private int findGroups(int pairs) {
    if (starts.length < pairs + 1) {
      starts = new int[pairs + 1];
    }
    int groups = 0;
    for (int i = 0; i < pairs; i++) {
      if (i == 0 || backLinks[i] >>> 32 != backLinks[i - 1] >>> 32) {
        starts[groups++] = i;
      }
    }
    starts[groups] = pairs;
    return groups;
  }

  private FlatGraph finish() {
    var finished = new FlatGraph(size, degree);
    workers.run(
        size,
        (scratch, node) -> {
          scratch.surroundings(links, node, NEAR_PER_LINK * degree);
          scratch.linkFull(finished, node, degree);
        },
        _ -> progress.accept(size));
    new Reachability(finished, between).repair();
    return finished;
  }
}
