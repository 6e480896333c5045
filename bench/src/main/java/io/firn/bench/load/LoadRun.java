package io.firn.bench.load;

import io.firn.Collection;
import io.firn.Hit;
import io.firn.bench.data.DataSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/**
 * One load on one set.
 *
 * @param searchesPerSecond rate of searches
 * @param upsertsPerSecond rate of single upserts of new rows
 * @param threads of each kind
 * @param seconds how long
 * @param ef of the searches
 */
public record LoadRun(
    double searchesPerSecond, double upsertsPerSecond, int threads, int seconds, int ef) {

  private static final int K = 10;

  /** As many as are merged as soon as they are there. */
  private static final int MERGED_SEGMENTS = 3;

  private static final long SLICE_NANOS = 500_000_000;

  /** Loads {@code set} into a fresh database and runs against it. */
  public LoadRow run(DataSet set, String durability, Path work)
      throws IOException, InterruptedException, ExecutionException {
    float[][] queries = set.queries();
    try (FirnFixture fixture = FirnFixture.empty(work, set, FirnFixture.durability(durability))) {
      fixture.load(set, 1);
      fixture.db().flush();
      fixture.rows().optimize();
      double recall = recall(fixture.rows(), queries, set.truthIds());
      LoadRow.Latency alone = search(fixture.rows(), queries, seconds * 1_000_000_000L);
      LoadRow.Latency[] both = besideUpserts(set, fixture.rows(), queries);
      return new LoadRow(
          set.label(),
          durability,
          seconds,
          ef,
          recall,
          alone,
          both[0],
          both[1],
          merging(set, durability, work));
    }
  }

  private LoadRow.Latency search(Collection rows, float[][] queries, long nanos)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    Histogram searches = searches(rows, queries, start, nanos);
    return latency(searchesPerSecond, searches, start);
  }

  private Histogram searches(Collection rows, float[][] queries, long start, long nanos)
      throws InterruptedException, ExecutionException {
    return new OpenLoop(searchesPerSecond, nanos, threads)
        .run(start, n -> rows.search(queries[at(n, queries)]).k(K).ef(ef).run());
  }

  private static LoadRow.Latency latency(double asked, Histogram nanos, long start) {
    double took = (System.nanoTime() - start) / 1e9;
    return LoadRow.Latency.of(asked, nanos.getTotalCount() / took, nanos);
  }

  /** Searches for as long as it takes until segments, which have just come, are merged. */
  private LoadRow.Latency merging(DataSet set, String durability, Path work)
      throws IOException, InterruptedException, ExecutionException {
    var merging = new Histogram(3);
    long nanos = 0;
    try (FirnFixture fixture = FirnFixture.empty(work, set, FirnFixture.durability(durability))) {
      fixture.load(set, MERGED_SEGMENTS);
      do {
        long start = System.nanoTime();
        merging.add(searches(fixture.rows(), set.queries(), start, SLICE_NANOS));
        nanos += System.nanoTime() - start;
      } while (fixture.rows().stats().segments() >= MERGED_SEGMENTS);
    }
    return LoadRow.Latency.of(searchesPerSecond, merging.getTotalCount() / (nanos / 1e9), merging);
  }

  /** Latencies of searches and of upserts. */
  private LoadRow.Latency[] besideUpserts(DataSet set, Collection rows, float[][] queries)
      throws InterruptedException, ExecutionException {
    long nanos = seconds * 1_000_000_000L;
    long start = System.nanoTime();
    CompletableFuture<Histogram> upserts =
        CompletableFuture.supplyAsync(
            () ->
                await(() ->
                    new OpenLoop(upsertsPerSecond, nanos, threads)
                        .run(
                            start, n -> rows.upsert(set.baseCount() + n, queries[at(n, queries)]))),
            task -> Thread.ofPlatform().start(task));
    LoadRow.Latency searched =
        latency(searchesPerSecond, searches(rows, queries, start, nanos), start);
    return new LoadRow.Latency[] {searched, latency(upsertsPerSecond, upserts.get(), start)};
  }

  /** Also warms up what the measurement will run. */
  private double recall(Collection rows, float[][] queries, int[][] truth) {
    long hits = 0;
    for (int q = 0; q < queries.length; q++) {
      List<Hit> found = rows.search(queries[q]).k(K).ef(ef).run();
      for (Hit hit : found) {
        for (int i = 0; i < K; i++) {
          hits += truth[q][i] == hit.longId() ? 1 : 0;
        }
      }
    }
    return (double) hits / ((long) queries.length * K);
  }

  private static int at(long number, float[][] queries) {
    return (int) (number % queries.length);
  }

  /** A step that may be interrupted or fail in another thread. */
  @FunctionalInterface
  private interface Step {
    Histogram run() throws InterruptedException, ExecutionException;
  }

  private static Histogram await(Step step) {
    try {
      return step.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while writing", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a write failed", e.getCause());
    }
  }
}
