package io.firn.bench.load;

import io.firn.Row;
import io.firn.bench.data.DataSet;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes rows into a fresh store of an engine, in one of several ways, until acknowledged. */
public final class IngestRun {

  private final String engine;
  private final DataSet set;
  private final Path work;

  /** Writes rows of {@code set} into stores under {@code work}. */
  public IngestRun(String engine, DataSet set, Path work) {
    this.engine = engine;
    this.set = set;
    this.work = work;
  }

  /** Engines there are. */
  public static List<String> engines() {
    return IngestTarget.ENGINES;
  }

  /** The whole base, {@code batchRows} in a write. */
  public IngestRow batches(int batchRows, String durability) throws Exception {
    List<Row> rows = rows(set.baseCount());
    return measure(
        "batches of " + batchRows,
        durability,
        rows.size(),
        target -> {
          for (int from = 0; from < rows.size(); from += batchRows) {
            target.write(rows.subList(from, Math.min(rows.size(), from + batchRows)));
          }
        });
  }

  /** The whole base in one bulk load, which for Firn ends with its graph built. */
  public IngestRow bulk() throws Exception {
    List<Row> rows = rows(set.baseCount());
    return measure("bulk load", "full", rows.size(), target -> target.bulk(rows));
  }

  /** {@code count} rows, each in a write of its own, {@code threads} at once. */
  public IngestRow singles(int count, int threads, String durability) throws Exception {
    List<Row> rows = rows(count);
    AtomicInteger next = new AtomicInteger();
    String mode = "single rows, %d threads".formatted(threads);
    return measure(
        mode,
        durability,
        rows.size(),
        target -> {
          Callable<Void> writer = () -> writeRest(target, rows, next);
          try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<Void>> writers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
              writers.add(pool.submit(writer));
            }
            for (Future<Void> each : writers) {
              each.get();
            }
          }
        });
  }

  private static Void writeRest(IngestTarget target, List<Row> rows, AtomicInteger next)
      throws IOException {
    for (int at = next.getAndIncrement(); at < rows.size(); at = next.getAndIncrement()) {
      target.write(rows.subList(at, at + 1));
    }
    return null;
  }

  /** Writes everything; returns when all is acknowledged. */
  @FunctionalInterface
  private interface Writing {
    void to(IngestTarget target) throws IOException, InterruptedException, ExecutionException;
  }

  private IngestRow measure(String mode, String durability, long count, Writing writing)
      throws IOException, InterruptedException, ExecutionException {
    try (IngestTarget target = IngestTarget.open(engine, work, set, durability)) {
      long start = System.nanoTime();
      writing.to(target);
      double seconds = (System.nanoTime() - start) / 1e9;
      target.settle();
      double settled = (System.nanoTime() - start) / 1e9 - seconds;
      if (target.count() != count) {
        throw new IOException(
            "%s must hold %d rows but holds %d: an acknowledged write is lost. Report it with this command."
                .formatted(engine, count, target.count()));
      }
      return new IngestRow(
          engine,
          set.label(),
          set.dimension(),
          mode,
          durability,
          count,
          seconds,
          count / seconds,
          settled);
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
