package io.firn.bench.report;

import io.firn.bench.measure.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;

/** All pictures of a report, as PNG bytes by file name. */
final class Pictures {

  /** The recall at which pictures that show one number compare engines. */
  private static final double COMPARED = 0.95;

  private static final String RECALL = "recall-qps-";
  private static final String LATENCY = "latency-";

  private final Runs runs;
  private final Map<String, byte[]> pngs = new LinkedHashMap<>();

  private Pictures(Runs runs) {
    this.runs = runs;
  }

  static Map<String, byte[]> of(Runs runs) throws IOException {
    Pictures pictures = new Pictures(runs);
    for (String set : pictures.realSets()) {
      pictures.add(RECALL + set, RecallChart.of(runs, set));
    }
    pictures.latencies();
    pictures.builds();
    pictures.bytes();
    pictures.scaling();
    return pictures.pngs;
  }

  /** Synthetic sets are for growth; beside real ones they would say nothing. */
  private List<String> realSets() {
    return runs.dataSets().stream().filter(set -> !isSynthetic(set)).toList();
  }

  private static boolean isSynthetic(String set) {
    return set.startsWith("random-");
  }

  private void latencies() throws IOException {
    for (String set : realSets()) {
      BarChart bars =
          BarChart.titled(
                  "Latency of one query on %s at recall %s".formatted(set, COMPARED),
                  "percentile",
                  "microseconds, logarithmic (down is better)")
              .asLines();
      for (String engine : runs.engines()) {
        List<Row> found = runs.where(Runs.set(set).and(Runs.engine(engine)).and(Runs.at(COMPARED)));
        if (!found.isEmpty()) {
          Row row = found.getLast();
          List<@Nullable Double> values = new ArrayList<>();
          values.addAll(List.of(row.p50Micros(), row.p99Micros(), row.p999Micros()));
          bars.add(engine, engine, List.of("p50", "p99", "p99.9"), values);
        }
      }
      if (!bars.isEmpty()) {
        add(LATENCY + set, bars.chart());
      }
    }
  }

  private void builds() throws IOException {
    boolean busy = runs.isBusyMachine();
    BarChart bars =
        BarChart.titled(
            busy ? "Processor time to build the index" : "Time to build the index",
            "data set",
            "seconds (down is better)");
    for (String engine : runs.engines()) {
      bars.addByDataSet(
          runs, realSets(), engine, COMPARED, busy ? Row::buildCpuSeconds : Row::buildSeconds);
    }
    if (!bars.isEmpty()) {
      add("build-time", bars.chart());
    }
  }

  private void bytes() throws IOException {
    BarChart disk =
        BarChart.titled("Index files on disk", "data set", "bytes per vector (down is better)");
    BarChart memory =
        BarChart.titled(
            "Resident memory while searching", "data set", "bytes per vector (down is better)");
    for (String engine : runs.engines()) {
      disk.addByDataSet(runs, realSets(), engine, COMPARED, row -> row.bytesPerVector().disk());
      memory.addByDataSet(
          runs, realSets(), engine, COMPARED, row -> row.bytesPerVector().resident());
    }
    if (!disk.isEmpty()) {
      add("bytes-disk", disk.chart());
      add("bytes-resident", memory.chart());
    }
  }

  private void scaling() throws IOException {
    Map<String, List<Row>> alike = new LinkedHashMap<>(); // but for the number of rows
    for (Row row : runs.where(Runs.at(COMPARED).and(row -> isSynthetic(row.dataset())))) {
      alike
          .computeIfAbsent(
              "%d|%d|%d".formatted(row.dimension(), row.k(), row.searchThreads()),
              _ -> new ArrayList<>())
          .add(row);
    }
    List<Row> most =
        alike.values().stream().max(Comparator.comparingLong(Pictures::sizes)).orElse(List.of());
    if (sizes(most) > 1) {
      add("scaling", ScalingChart.of(runs, most, COMPARED));
    }
  }

  private static long sizes(List<Row> rows) {
    return rows.stream().map(Row::rows).distinct().count();
  }

  /** True if a picture shows one set, this one. */
  static boolean isOf(String set, String file) {
    return file.equals(file(RECALL + set)) || file.equals(file(LATENCY + set));
  }

  private static String file(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-") + ".png";
  }

  private void add(String name, IChart chart) throws IOException {
    pngs.put(file(name), ChartEncoder.getBytes(chart, "png"));
  }
}
