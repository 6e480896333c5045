package io.firn.bench;

import io.firn.Explanation;
import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.filter.FilterRow;
import io.firn.bench.filter.FilterRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench filter}: searches among some of the rows. */
@Command(
    name = "filter",
    description = "Speed and recall by how many rows a filter lets pass, beside Lucene.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class FilterCommand implements Callable<Integer> {

  @Mixin private DataOptions data = new DataOptions();

  @Mixin private OutOptions out = new OutOptions();

  @Option(names = "--share", split = ",", description = "Shares of the rows that pass.")
  private List<Double> shares = List.of(1.0, 0.5, 0.1, 0.01, 0.001, 0.0001);

  @Option(names = "--recall", description = "Recall that each engine's candidates are chosen for.")
  private double recall = 0.95;

  @Option(names = "--queries", description = "Queries asked.")
  private int queries = 200;

  @Option(
      names = "--seconds",
      description = "Each engine is measured for, at each share, three times.")
  private double seconds = 1;

  @Override
  public Integer call() throws Exception {
    Checks.range("--queries", queries, 1, 1_000_000);
    Checks.share("--recall", recall, 1);
    shares.forEach(share -> Checks.share("--share", share, 1));
    Checks.seconds("--seconds", seconds);
    for (DataSet set : data.sets()) {
      List<FilterRow> rows = new ArrayList<>();
      try (FilterRun run =
          new FilterRun(set, queries, DataFolder.standard().root().resolve("work"))) {
        Explanation clauses = run.threeClauses();
        out.err()
            .printf(
                "%s: three clauses over %,d rows in %,d µs, %,d rows pass, %,d bytes%n",
                set.label(),
                set.baseCount(),
                clauses.filterNanos() / 1_000,
                clauses.matchingRows(),
                clauses.filterBytes());
        run.warmUp();
        for (double share : shares) {
          rows.addAll(run.measure(share, recall, seconds));
        }
      }
      out.write("filter.jsonl", rows, FilterCommand::text);
    }
    return 0;
  }

  private static String text(FilterRow row) {
    String planned =
        row.plan().isEmpty()
            ? ""
            : " %s, %.0f µs expected, %.0f taken"
                .formatted(row.plan(), row.estimatedMicros(), row.searchMicros());
    return "%s %8.2f %% %,9d pass  %-15s at %4d: recall %.3f, %,9.0f searches/s%s"
        .formatted(
            row.dataset(),
            100 * row.share(),
            row.matching(),
            row.engine(),
            row.knob(),
            row.recall(),
            row.qps(),
            planned);
  }
}
