package io.firn.bench.measure;

import io.firn.bench.engine.AnnIndex;
import io.firn.bench.engine.AnnSearcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;

/**
 * Asks all queries at one knob after the other, from fast to thorough, three times each after
 * warming up at that knob, until recall is enough.
 */
public final class Sweep {

  private static final int PASSES = 3;

  /** Each knob is warmed up for this part of the first warming up. */
  private static final int KNOB_SHARE = 4;

  /** About a fifth of recall's way at each step; every engine gets the same. */
  private static final double STEP = 1.3;

  private static final int MAX_KNOB = 4_000;

  private final AnnIndex index;
  private final float[][] queries;
  private final Answers answers;
  private final int threads;
  private final long warmUpNanos;
  private final Asked asked;

  /** Measures {@code index} with {@code threads} searching at once, after warming up. */
  public Sweep(AnnIndex index, float[][] queries, Answers answers, int threads, long warmUpNanos) {
    this.index = index;
    this.queries = queries;
    this.answers = answers;
    this.threads = threads;
    this.warmUpNanos = warmUpNanos;
    this.asked = new Asked(queries.length, answers.k());
  }

  /** Knobs tried for {@code k} results: k and ever 30 % more. */
  public static List<Integer> knobs(int k, int rows) {
    List<Integer> knobs = new ArrayList<>();
    double knob = k;
    while (knob <= Math.min(MAX_KNOB, rows)) {
      knobs.add((int) knob);
      knob = Math.max(knob + 1, knob * STEP);
    }
    return knobs;
  }

  /**
   * Runs the sweep.
   *
   * @param knobs ascending
   * @param enough recall at which the sweep ends
   * @throws WrongAnswerException at the first answer that cannot be right
   */
  public List<SweepPoint> run(List<Integer> knobs, double enough)
      throws IOException, InterruptedException {
    List<AnnSearcher> searchers = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        searchers.add(index.searcher());
      }
      warmUp(pool, searchers, knobs.get(knobs.size() / 3), warmUpNanos);
      List<SweepPoint> points = new ArrayList<>();
      for (int knob : knobs) {
        points.add(point(pool, searchers, knob));
        if (points.getLast().recall() >= enough) {
          break;
        }
      }
      return points;
    } finally {
      for (AnnSearcher searcher : searchers) {
        searcher.close();
      }
    }
  }

  private void warmUp(ExecutorService pool, List<AnnSearcher> searchers, int knob, long nanos)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    do {
      pass(pool, searchers, knob);
      asked.hits(answers);
    } while (System.nanoTime() - start < nanos);
  }

  private SweepPoint point(ExecutorService pool, List<AnnSearcher> searchers, int knob)
      throws IOException, InterruptedException {
    // A new knob may make C2 compile again, which takes longer than a pass of fast queries.
    warmUp(pool, searchers, knob, warmUpNanos / KNOB_SHARE);
    List<Pass> passes = new ArrayList<>();
    long hits = Long.MAX_VALUE;
    for (int i = 0; i < PASSES; i++) {
      passes.add(pass(pool, searchers, knob));
      hits = Math.min(hits, asked.hits(answers));
    }
    passes.sort(Comparator.comparingLong(Pass::nanos));
    Pass best = passes.getFirst();
    return new SweepPoint(
        knob,
        (double) hits / ((long) queries.length * answers.k()),
        best.qps(queries.length),
        passes.getLast().qps(queries.length),
        best.micros(50),
        best.micros(99),
        best.micros(99.9),
        passes.stream().mapToLong(Pass::cpuNanos).min().orElseThrow() / 1e3 / queries.length,
        (double) best.allocatedBytes() / queries.length);
  }

  private Pass pass(ExecutorService pool, List<AnnSearcher> searchers, int knob)
      throws IOException, InterruptedException {
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    List<Future<Pass>> running = new ArrayList<>();
    for (AnnSearcher searcher : searchers) {
      running.add(pool.submit(new QueryWorker(searcher, queries, asked, knob, next)));
    }
    long allocated = 0;
    long cpuNanos = 0;
    long nanos = 0;
    Histogram latencies = new Histogram(3);
    for (Future<Pass> one : running) {
      Pass part = result(one);
      allocated += part.allocatedBytes();
      cpuNanos += part.cpuNanos();
      nanos = part.nanos();
      latencies.add(part.latencies());
    }
    long wall = System.nanoTime() - start;
    return new Pass(searchers.size() == 1 ? nanos : wall, cpuNanos, allocated, latencies);
  }

  private static Pass result(Future<Pass> worker) throws IOException, InterruptedException {
    try {
      return worker.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException wrong -> throw wrong;
        case null, default -> throw new IllegalStateException("search thread died", e);
      }
    }
  }
}
