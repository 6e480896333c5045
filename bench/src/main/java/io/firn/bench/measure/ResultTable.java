package io.firn.bench.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The rows at asked recalls as text, a table for each set and recall. */
public final class ResultTable {

  private ResultTable() {}

  /** Prints what {@code rows} say at {@code recalls}; engines that do not get there are named. */
  public static String of(List<Row> rows, List<Double> recalls) {
    StringBuilder text = new StringBuilder();
    Map<String, Map<String, List<Row>>> byTitle = new LinkedHashMap<>();
    for (Row row : rows) {
      byTitle
          .computeIfAbsent(title(row), _ -> new LinkedHashMap<>())
          .computeIfAbsent(row.engine(), _ -> new ArrayList<>())
          .add(row);
    }
    byTitle.forEach((title, engines) -> {
      text.append("%n%s%n".formatted(title));
      header(text);
      engines.forEach((engine, own) -> lines(text, engine, own, recalls));
    });
    return text.toString();
  }

  private static String title(Row row) {
    String title =
        "%s: %,d x %d, %s, k=%d, %d search thread(s)"
            .formatted(
                row.dataset(),
                row.rows(),
                row.dimension(),
                row.metric(),
                row.k(),
                row.searchThreads());
    if (row.deletedShare() != null) {
      title += ", %.1f %% deleted".formatted(row.deletedShare() * 100);
    }
    return title;
  }

  private static void header(StringBuilder text) {
    text.append(
        "%-14s %7s %9s %7s %9s %9s %9s %9s %8s %9s %9s %8s %9s%n"
            .formatted(
                "engine",
                "recall",
                "QPS",
                "spread",
                "p50 us",
                "p99 us",
                "p99.9 us",
                "CPU us",
                "build s",
                "B/vec disk",
                "B/vec RAM",
                "open ms",
                "B/query"));
  }

  private static void lines(
      StringBuilder text, String engine, List<Row> rows, List<Double> recalls) {
    for (double recall : recalls) {
      rows.stream()
          .filter(row -> row.atRecall() != null && row.atRecall() == recall)
          .findAny()
          .ifPresentOrElse(
              row -> text.append(line(row)),
              () ->
                  text.append(
                      "%-14s %7.4f is not reached; the best is %.4f%n"
                          .formatted(engine, recall, best(rows))));
    }
  }

  private static String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%-14s %7.4f %,9.0f %6.0f%% %,9.0f %,9.0f %,9.0f %,9.0f %8.1f %,10.0f %,9.0f %8.0f %,9.0f%n",
        row.engine(),
        row.recall(),
        row.qps(),
        row.qpsSpread() * 100,
        row.p50Micros(),
        row.p99Micros(),
        row.p999Micros(),
        row.cpuMicrosPerQuery(),
        row.buildSeconds(),
        row.bytesPerVector().disk(),
        row.bytesPerVector().resident(),
        row.openMillis(),
        row.allocatedBytesPerQuery());
  }

  private static double best(List<Row> rows) {
    return rows.stream().mapToDouble(Row::recall).max().orElse(0);
  }
}
