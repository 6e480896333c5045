package io.firn.bench.report;

import io.firn.bench.measure.Machine;
import io.firn.bench.measure.Row;
import io.firn.bench.measure.RowFile.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The rows a report shows: nothing deleted, and of runs of the same engine, set and shape the last
 * one, whole: the better rows of several runs would be a choice.
 */
final class Runs {

  private static final double BUSY_BELOW = 0.9;
  private static final int USUAL_K = 10;

  private final Map<String, Run<Row>> latest; // by engine, set and shape
  private final List<Row> rows;

  private Runs(Map<String, Run<Row>> latest) {
    this.latest = latest;
    this.rows = latest.values().stream().flatMap(run -> run.rows().stream()).toList();
  }

  static Runs of(List<Run<Row>> all) {
    Map<String, Run<Row>> latest = new LinkedHashMap<>();
    for (Run<Row> run : all) {
      Map<String, List<Row>> byKey = new LinkedHashMap<>();
      for (Row row : run.rows()) {
        if (row.deletedShare() == null) {
          byKey.computeIfAbsent(key(row), _ -> new ArrayList<>()).add(row);
        }
      }
      byKey.forEach((key, rows) -> {
        latest.remove(key);
        latest.put(key, new Run<>(run.machine(), rows));
      });
    }
    return new Runs(latest);
  }

  private static String key(Row row) {
    return row.engine() + "|" + title(row);
  }

  /** The set, and how it was asked where that is not usual: other shapes do not compare. */
  static String title(Row row) {
    String k = row.k() == USUAL_K ? "" : ", k = " + row.k();
    return row.dataset()
        + k
        + (row.searchThreads() == 1 ? "" : ", %d threads".formatted(row.searchThreads()));
  }

  /** Where and with what a shown row was measured. */
  Machine machine(Row row) {
    Run<Row> run = latest.get(key(row));
    if (run == null) {
      throw new IllegalArgumentException("row is not shown: " + key(row));
    }
    return run.machine();
  }

  /** The machines of the shown rows, the last measured last. */
  List<Machine> machines() {
    return latest.values().stream()
        .map(Run::machine)
        .distinct()
        .sorted(Comparator.comparing(Machine::time))
        .toList();
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

  /** Titles of the sets. */
  List<String> dataSets() {
    return distinct(Runs::title);
  }

  /** Ours first, the others as they come. */
  List<String> engines() {
    return distinct(Row::engine).stream()
        .sorted(Comparator.comparing(engine -> !engine.equals("firn")))
        .toList();
  }

  private List<String> distinct(Function<Row, String> get) {
    Set<String> seen = new LinkedHashSet<>();
    rows.forEach(row -> seen.add(get.apply(row)));
    return List.copyOf(seen);
  }

  /** Rows for which {@code condition} holds. */
  List<Row> where(Predicate<Row> condition) {
    return rows.stream().filter(condition).toList();
  }

  static Predicate<Row> set(String dataSet) {
    return row -> title(row).equals(dataSet);
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
