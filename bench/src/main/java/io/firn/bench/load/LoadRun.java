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

  /** Loads {@code set} into a fresh database and runs against it. */
  public LoadRow run(DataSet set, String durability, Path work)
      throws IOException, InterruptedException, ExecutionException {
    float[][] queries = set.queries();
    try (FirnFixture fixture = FirnFixture.empty(work, set, FirnFixture.durability(durability))) {
      fixture.load(set);
      fixture.db().flush();
      fixture.rows().optimize();
      double recall = recall(fixture.rows(), queries, set.truthIds());
      return measure(set, durability, recall, fixture.rows(), queries);
    }
  }

  private LoadRow measure(
      DataSet set, String durability, double recall, Collection rows, float[][] queries)
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
    Histogram searches =
        new OpenLoop(searchesPerSecond, nanos, threads)
            .run(start, n -> rows.search(queries[at(n, queries)]).k(K).ef(ef).run());
    double searched = (System.nanoTime() - start) / 1e9;
    Histogram upserted = upserts.get();
    double wrote = (System.nanoTime() - start) / 1e9;
    return new LoadRow(
        set.label(),
        durability,
        seconds,
        ef,
        recall,
        LoadRow.Latency.of(searchesPerSecond, searches.getTotalCount() / searched, searches),
        LoadRow.Latency.of(upsertsPerSecond, upserted.getTotalCount() / wrote, upserted));
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
