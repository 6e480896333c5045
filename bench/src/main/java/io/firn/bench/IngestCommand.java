package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.load.IngestRow;
import io.firn.bench.load.IngestRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench ingest}: rows a second, durable. */
@Command(
    name = "ingest",
    description =
        "Rows a second until acknowledged: a bulk load, batches, and single rows by many threads.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class IngestCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private OutOptions out = new OutOptions();

  @Option(
      names = "--engines",
      split = ",",
      description =
          "firn, lmdb (the store below it alone, no graph), lucene; interval durability is Firn's alone.")
  private List<String> engines = IngestRun.engines();

  @Option(names = "--batch", split = ",", description = "Rows in a batch.")
  private List<Integer> batches = List.of(1_000, 10_000);

  @Option(names = "--threads", split = ",", description = "Threads that write single rows.")
  private List<Integer> threads = List.of(1, 64);

  @Option(names = "--singles", description = "Single rows written for each.")
  private int singles = 2_000;

  @Option(names = "--durability", split = ",", description = "full, interval:<milliseconds>.")
  private List<String> durabilities = List.of("full", "interval:100");

  @Override
  public Integer call() throws Exception {
    batches.forEach(rows -> Checks.range("--batch", rows, 1, 1_000_000));
    threads.forEach(count -> Checks.range("--threads", count, 1, 1_024));
    Checks.range("--singles", singles, 1, 100_000_000);
    for (DataSet set : data.sets()) {
      List<IngestRow> rows = new ArrayList<>();
      for (String engine : engines) {
        measure(
            new IngestRun(engine, set, DataFolder.standard().root().resolve("work")), engine, rows);
      }
      out.write("ingest.jsonl", rows, IngestCommand::text);
    }
    return 0;
  }

  private void measure(IngestRun run, String engine, List<IngestRow> rows) throws Exception {
    rows.add(run.bulk());
    for (String durability : engine.equals("firn") ? durabilities : List.of("full")) {
      for (int batch : batches) {
        rows.add(run.batches(batch, durability));
      }
      for (int count : threads) {
        rows.add(run.singles(singles, count, durability));
      }
    }
  }

  private static String text(IngestRow row) {
    return "%s, %-6s %-24s %-13s %,10d rows in %7.1f s: %,9.0f rows/s, settled %.1f s later"
        .formatted(
            row.dataset(),
            row.engine(),
            row.mode(),
            row.durability(),
            row.rows(),
            row.seconds(),
            row.rowsPerSecond(),
            row.flushSeconds());
  }
}
