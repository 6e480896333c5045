package io.firn.bench.load;

import io.firn.BulkLoad;
import io.firn.Collection;
import io.firn.Row;
import io.firn.bench.data.DataSet;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes rows into a fresh database, in one of several ways, until acknowledged. */
public final class IngestRun {

  private final DataSet set;
  private final Path work;

  /** Writes rows of {@code set} into databases under {@code work}. */
  public IngestRun(DataSet set, Path work) {
    this.set = set;
    this.work = work;
  }

  /** The whole base, {@code batchRows} in a write. */
  public IngestRow batches(int batchRows, String durability)
      throws IOException, InterruptedException, ExecutionException {
    List<Row> rows = rows(set.baseCount());
    return measure(
        "batches of " + batchRows,
        durability,
        rows.size(),
        collection -> {
          for (int from = 0; from < rows.size(); from += batchRows) {
            collection.upsertAll(rows.subList(from, Math.min(rows.size(), from + batchRows)));
          }
        });
  }

  /** The whole base in one bulk load, which ends with its graph built. */
  public IngestRow bulk() throws IOException, InterruptedException, ExecutionException {
    List<Row> rows = rows(set.baseCount());
    return measure(
        "bulk load",
        "full",
        rows.size(),
        collection -> {
          try (BulkLoad load = collection.bulk()) {
            rows.forEach(load::add);
            load.commit();
          }
        });
  }

  /** {@code count} rows, each in a write of its own, {@code threads} at once. */
  public IngestRow singles(int count, int threads, String durability)
      throws IOException, InterruptedException, ExecutionException {
    List<Row> rows = rows(count);
    AtomicInteger next = new AtomicInteger();
    return measure(
        "single rows, %d threads".formatted(threads),
        durability,
        rows.size(),
        collection -> {
          try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
              writers.add(pool.submit(() -> writeRest(collection, rows, next)));
            }
            for (Future<?> writer : writers) {
              writer.get();
            }
          }
        });
  }

  private static void writeRest(Collection collection, List<Row> rows, AtomicInteger next) {
    for (int at = next.getAndIncrement(); at < rows.size(); at = next.getAndIncrement()) {
      collection.upsert(rows.get(at));
    }
  }

  /** Writes everything; returns when all is acknowledged. */
  @FunctionalInterface
  private interface Writing {
    void to(Collection collection) throws InterruptedException, ExecutionException;
  }

  private IngestRow measure(String mode, String durability, long count, Writing writing)
      throws IOException, InterruptedException, ExecutionException {
    try (FirnFixture fixture = FirnFixture.empty(work, set, FirnFixture.durability(durability))) {
      long start = System.nanoTime();
      writing.to(fixture.rows());
      double seconds = (System.nanoTime() - start) / 1e9;
      fixture.db().flush();
      double flushed = (System.nanoTime() - start) / 1e9 - seconds;
      if (fixture.rows().count() != count) {
        throw new IOException(
            "database must hold %d rows but holds %d: an acknowledged write is lost. Report it with this command."
                .formatted(count, fixture.rows().count()));
      }
      return new IngestRow(
          set.label(), set.dimension(), mode, durability, count, seconds, count / seconds, flushed);
    }
  }

  private List<Row> rows(int count) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (VectorSource source = VectorSource.open(set.base())) {
      float[] row = new float[source.dimension()];
      while (rows.size() < count && source.next(row)) {
        rows.add(Row.of(rows.size(), row.clone()));
      }
    }
    return rows;
  }
}
