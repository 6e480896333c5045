package io.firn.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one engine gave on one set, over all rounds. */
final class Measured {

  private final String engine;
  private final Map<String, String> config;
  private final BuildResult build;
  private final TreeMap<Integer, SweepPoint> points = new TreeMap<>();
  private double openMillis = Double.POSITIVE_INFINITY;
  private long residentBytes = Long.MAX_VALUE;

  Measured(String engine, Map<String, String> config, BuildResult build) {
    this.engine = engine;
    this.config = new TreeMap<>(config);
    this.build = build;
  }

  BuildResult build() {
    return build;
  }

  Map<String, String> config() {
    return config;
  }

  void add(SearchResult round) {
    openMillis = Math.min(openMillis, round.openMillis());
    residentBytes = Math.min(residentBytes, round.residentBytes());
    for (SweepPoint point : round.points()) {
      points.merge(point.knob(), point, SweepPoint::best);
    }
  }

  List<Row> rows(RowFacts facts, List<Double> recalls) {
    List<Row> rows = new ArrayList<>();
    for (SweepPoint point : points.values()) {
      rows.add(row(facts, point, point.knob(), null));
    }
    RecallCurve curve = new RecallCurve(List.copyOf(points.values()));
    for (double recall : recalls) {
      curve.at(recall).ifPresent(point -> rows.add(row(facts, point, null, recall)));
    }
    return rows;
  }

  private Row row(
      RowFacts facts, SweepPoint point, @Nullable Integer knob, @Nullable Double atRecall) {
    return new Row(
        engine,
        build.version(),
        config,
        facts.dataset(),
        facts.metric(),
        facts.rows(),
        facts.dimension(),
        facts.k(),
        facts.searchThreads(),
        facts.deletedShare(),
        knob,
        atRecall,
        rounded(point.recall(), 5),
        rounded(point.qps(), 1),
        rounded(1 - point.slowestQps() / point.qps(), 3),
        rounded(point.p50Micros(), 1),
        rounded(point.p99Micros(), 1),
        rounded(point.p999Micros(), 1),
        rounded(point.cpuMicrosPerQuery(), 1),
        rounded(build.seconds(), 2),
        rounded(build.cpuSeconds(), 2),
        build.threads(),
        build.peakBytes(),
        new Row.BytesPerVector(
            rounded((double) build.diskBytes() / facts.rows(), 1),
            rounded((double) residentBytes / facts.rows(), 1)),
        rounded(openMillis, 1),
        rounded(point.allocatedBytesPerQuery(), 1));
  }

  private static double rounded(double value, int digits) {
    double factor = Math.pow(10, digits);
    return Math.round(value * factor) / factor;
  }
}
