package io.firn.bench.report;

import io.firn.bench.measure.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The rows a report shows: unlimited memory, nothing deleted, and of runs of the same engine, set
 * and shape the last one.
 */
final class Runs {

  private static final double BUSY_BELOW = 0.9;

  private final List<Row> rows;

  private Runs(List<Row> rows) {
    this.rows = rows;
  }

  static Runs of(List<Row> all) {
    Map<String, List<Row>> latest = new LinkedHashMap<>();
    String before = "";
    for (Row row : all) {
      if (row.deletedShare() != null || row.memoryLimitBytes() != null) {
        continue;
      }
      String key =
          "%s|%s|%d|%d".formatted(row.dataset(), row.engine(), row.k(), row.searchThreads());
      if (!key.equals(before)) {
        latest.remove(key);
      }
      latest.computeIfAbsent(key, _ -> new ArrayList<>()).add(row);
      before = key;
    }
    return new Runs(latest.values().stream().flatMap(List::stream).toList());
  }

  List<Row> rows() {
    return rows;
  }

  /**
   * The part of the time for which a single searching thread had a processor, in the middle of all
   * rows. Far below 1, others used the machine and wall times are of little worth.
   */
  double processorShare() {
    double[] shares =
        rows.stream()
            .filter(row -> row.searchThreads() == 1)
            .mapToDouble(row -> row.cpuMicrosPerQuery() * row.qps() / 1e6)
            .sorted()
            .toArray();
    return shares.length == 0 ? 1 : shares[shares.length / 2];
  }

  /** True if pictures should go by processor time, because wall time shows other work. */
  boolean isBusyMachine() {
    return processorShare() < BUSY_BELOW;
  }

  List<String> dataSets() {
    return distinct(Row::dataset);
  }

  List<String> engines() {
    return distinct(Row::engine);
  }

  private List<String> distinct(java.util.function.Function<Row, String> get) {
    Set<String> seen = new LinkedHashSet<>();
    rows.forEach(row -> seen.add(get.apply(row)));
    return List.copyOf(seen);
  }

  /** Rows for which {@code condition} holds. */
  List<Row> where(Predicate<Row> condition) {
    return rows.stream().filter(condition).toList();
  }

  static Predicate<Row> set(String dataSet) {
    return row -> row.dataset().equals(dataSet);
  }

  static Predicate<Row> engine(String engine) {
    return row -> row.engine().equals(engine);
  }

  static Predicate<Row> at(double recall) {
    return row -> row.atRecall() != null && row.atRecall() == recall;
  }

  static Predicate<Row> measured() {
    return row -> row.knob() != null;
  }
}
