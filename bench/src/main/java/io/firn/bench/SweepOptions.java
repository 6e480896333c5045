package io.firn.bench;

import io.firn.bench.measure.SearchPlan;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say how built indexes are searched. */
final class SweepOptions {

  @Option(names = "--recalls", split = ",", description = "Recalls at which rows are given.")
  private List<Double> recalls = List.of(0.90, 0.95, 0.99);

  @Option(names = "--threads", description = "Searching threads.")
  private int threads = 1;

  @Option(names = "--queries", description = "Most queries asked.")
  private int queries = 5_000;

  @Option(names = "--rounds", description = "How often all engines are searched in turn.")
  private int rounds = 1;

  @Option(names = "--delete", description = "Share of rows deleted before searching, 0..0.5.")
  private double deleteShare;

  /** The plan, checked. */
  SearchPlan plan() {
    Checks.range("--threads", threads, 1, 1_024);
    Checks.range("--rounds", rounds, 1, 100);
    Checks.range("--queries", queries, 1, 1_000_000);
    recalls.forEach(recall -> Checks.share("--recalls", recall, 1));
    Checks.share("--delete", deleteShare, 0.5);
    return new SearchPlan(
        recalls.stream().sorted().toList(), threads, queries, rounds, deleteShare);
  }
}
