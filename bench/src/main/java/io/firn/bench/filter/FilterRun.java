package io.firn.bench.filter;

import io.firn.Explanation;
import io.firn.Plan;
import io.firn.bench.data.DataSet;
import io.firn.bench.filter.FilteredIndex.Planned;
import io.firn.cli.format.VectorSource;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The engines over one data set, each row with a random number below a million. */
public final class FilterRun implements Closeable {

  private static final int NUMBERS = 1_000_000;
  private static final double[] WARM_UP_SHARES = {1, 0.1, 0.01};
  private static final int WARM_UP_KNOB = 40;
  private static final double WARM_UP_SECONDS = 2;
  private static final int[] KNOBS = {10, 20, 40, 80, 128, 256, 512};

  /** All engines in turn, the best of each: other work on the machine comes and goes. */
  private static final int ROUNDS = 3;

  private final DataSet set;
  private final float[][] queries;
  private final long[] numbers;
  private final BruteForce bruteForce;
  private final FirnFiltered firn;
  private final List<FilteredIndex> engines = new ArrayList<>();

  /** Opens the indexes under {@code work}, building those that are not there. */
  public FilterRun(DataSet set, int queries, Path work) throws IOException {
    this.set = set;
    this.queries = Arrays.copyOf(set.queries(), Math.min(queries, set.queryCount()));
    this.numbers = new Random(8).longs(set.baseCount(), 0, NUMBERS).toArray();
    float[][] vectors = vectors(set);
    this.bruteForce = new BruteForce(set, vectors, numbers);
    this.firn = FirnFiltered.open(set, vectors, numbers, work.resolve("filter-firn-" + set.name()));
    engines.add(firn);
    engines.add(
        LuceneFiltered.open(set, vectors, numbers, work.resolve("filter-lucene-" + set.name())));
    engines.add(bruteForce);
    for (Plan plan : Plan.values()) {
      engines.add(firn.forced(plan));
    }
  }

  private static float[][] vectors(DataSet set) throws IOException {
    float[][] rows = new float[set.baseCount()][set.dimension()];
    try (VectorSource source = VectorSource.open(set.base())) {
      for (float[] row : rows) {
        source.next(row);
      }
    }
    return rows;
  }

  /** How a filter of three clauses is evaluated, warm; the median of many by time. */
  public Explanation threeClauses() {
    List<Explanation> runs = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      runs.add(firn.threeClauses(queries[i % queries.length], i));
    }
    runs.sort((one, other) -> Long.compare(one.filterNanos(), other.filterNanos()));
    return runs.get(runs.size() / 2);
  }

  /**
   * One row for each engine.
   *
   * @param share of the rows that shall pass
   * @param recallWanted by which an engine's knob is chosen
   * @param seconds each engine is measured for, in each round
   */
  public List<FilterRow> measure(double share, double recallWanted, double seconds)
      throws IOException {
    long below = Math.round(share * NUMBERS);
    int[][] truth = new int[queries.length][];
    for (int i = 0; i < queries.length; i++) {
      truth[i] = bruteForce.search(queries[i], 10, below);
    }
    List<Chosen> all = new ArrayList<>();
    for (FilteredIndex engine : engines) {
      Chosen chosen = choose(engine, below, truth, recallWanted);
      qps(engine, chosen.knob(), below, seconds); // until it is compiled, and its costs are known
      all.add(chosen);
    }
    double[] qps = new double[all.size()];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < qps.length; i++) {
        Chosen chosen = all.get(i);
        qps[i] = Math.max(qps[i], qps(chosen.engine(), chosen.knob(), below, seconds));
      }
    }
    List<FilterRow> rows = new ArrayList<>();
    for (int i = 0; i < qps.length; i++) {
      rows.add(row(all.get(i), share, below, qps[i]));
    }
    return rows;
  }

  /** The fewest candidates that find enough. */
  private record Chosen(FilteredIndex engine, int knob, double recall) {}

  /** Lets every engine search until it is compiled; else the first one measured pays for all. */
  public void warmUp() throws IOException {
    for (double share : WARM_UP_SHARES) {
      for (FilteredIndex engine : engines) {
        qps(engine, WARM_UP_KNOB, Math.round(share * NUMBERS), WARM_UP_SECONDS);
      }
    }
  }

  private Chosen choose(FilteredIndex engine, long below, int[][] truth, double recallWanted)
      throws IOException {
    int knob = KNOBS[0];
    double recall = 0;
    for (int candidate : KNOBS) {
      knob = candidate;
      recall = recall(engine, knob, below, truth);
      if (recall >= recallWanted) {
        break;
      }
    }
    return new Chosen(engine, knob, recall);
  }

  private FilterRow row(Chosen chosen, double share, long below, double qps) throws IOException {
    int matching = (int) Arrays.stream(numbers).filter(number -> number < below).count();
    Planned planned = chosen.engine().planned(queries, chosen.knob(), below);
    return new FilterRow(
        set.label(),
        share,
        matching,
        chosen.engine().name(),
        chosen.knob(),
        chosen.recall(),
        qps,
        planned.plan(),
        planned.estimatedMicros(),
        planned.micros());
  }

  private double recall(FilteredIndex engine, int knob, long below, int[][] truth)
      throws IOException {
    long found = 0;
    long there = 0;
    for (int i = 0; i < queries.length; i++) {
      int[] ids = engine.search(queries[i], knob, below);
      int[] right = truth[i];
      found += Arrays.stream(ids).filter(id -> Arrays.stream(right).anyMatch(r -> r == id)).count();
      there += right.length;
    }
    return there == 0 ? 1 : (double) found / there;
  }

  private double qps(FilteredIndex engine, int knob, long below, double seconds)
      throws IOException {
    long startedAt = System.nanoTime();
    long endsAt = startedAt + (long) (seconds * 1e9);
    int searches = 0;
    while (System.nanoTime() < endsAt) {
      engine.search(queries[searches++ % queries.length], knob, below);
    }
    return searches / ((System.nanoTime() - startedAt) / 1e9);
  }

  @Override
  public void close() throws IOException {
    for (FilteredIndex engine : engines) {
      engine.close();
    }
  }
}
