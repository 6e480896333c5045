package io.firn.bench;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.load.LoadRow;
import io.firn.bench.load.LoadRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench load}: latencies of searches and durable upserts side by side. */
@Command(
    name = "load",
    description =
        "Searches arrive at a given rate: alone, beside single durable upserts, and while segments are merged.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class LoadCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private OutOptions out = new OutOptions();

  @Option(names = "--search-rate", description = "Searches a second.")
  private int searchRate = 500;

  @Option(names = "--upsert-rate", description = "Upserts a second.")
  private int upsertRate = 100;

  @Option(names = "--threads", description = "Threads of each kind.")
  private int threads = 8;

  @Option(names = "--seconds", description = "How long, for each durability.")
  private int seconds = 30;

  @Option(names = "--ef", description = "Search effort.")
  private int ef = 64;

  @Option(names = "--durability", split = ",", description = "full, interval:<milliseconds>.")
  private List<String> durabilities = List.of("full", "interval:100");

  @Override
  public Integer call() throws Exception {
    Checks.range("--search-rate", searchRate, 1, 10_000_000);
    Checks.range("--upsert-rate", upsertRate, 1, 10_000_000);
    Checks.range("--threads", threads, 1, 1_024);
    Checks.range("--seconds", seconds, 1, 86_400);
    LoadRun run = new LoadRun(searchRate, upsertRate, threads, seconds, ef);
    for (DataSet set : data.sets()) {
      List<LoadRow> rows = new ArrayList<>();
      for (String durability : durabilities) {
        rows.add(run.run(set, durability, DataFolder.standard().root().resolve("work")));
      }
      out.write("load.jsonl", rows, LoadCommand::text);
    }
    return 0;
  }

  private static String text(LoadRow row) {
    return "%s, %s, ef %d, recall %.4f%n%s%n%s%n%s%n%s"
        .formatted(
            row.dataset(),
            row.durability(),
            row.ef(),
            row.recall(),
            text("search, alone         ", row.alone()),
            text("search, beside upserts", row.search()),
            text("upsert                ", row.upsert()),
            text("search, while merging ", row.merging()));
  }

  private static String text(String what, LoadRow.Latency latency) {
    return "  %s %,9.0f/s of %,9.0f/s   p50 %,9.0f   p99 %,9.0f   p99.9 %,9.0f   max %,9.0f us"
        .formatted(
            what,
            latency.perSecondDone(),
            latency.perSecondAsked(),
            latency.p50Micros(),
            latency.p99Micros(),
            latency.p999Micros(),
            latency.maxMicros());
  }
}
