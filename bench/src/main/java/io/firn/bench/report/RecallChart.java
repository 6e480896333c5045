package io.firn.bench.report;

import io.firn.bench.measure.RecallCurve;
import io.firn.bench.measure.Row;
import io.firn.bench.measure.SweepPoint;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Speed against recall on one set, an engine a line: up and to the right is better. */
final class RecallChart {

  private static final double LEAST_RECALL = 0.84;

  private RecallChart() {}

  static XYChart of(Runs runs, String dataSet) {
    List<Row> all = runs.where(Runs.set(dataSet).and(Runs.measured()));
    Row any = all.getFirst();
    XYChart chart =
        new XYChartBuilder()
            .width(Palette.WIDTH)
            .height(Palette.HEIGHT)
            .title(
                "%s: %,d x %d, %s, k = %d, %d search thread%s"
                    .formatted(
                        dataSet,
                        any.rows(),
                        any.dimension(),
                        any.metric(),
                        any.k(),
                        any.searchThreads(),
                        any.searchThreads() == 1 ? "" : "s"))
            .xAxisTitle("recall@" + any.k() + " (right is better)")
            .yAxisTitle(
                runs.isBusyMachine()
                    ? "queries per second of processor time (up is better)"
                    : "queries per second (up is better)")
            .build();
    style(chart);
    for (String engine : runs.engines()) {
      List<Row> own = runs.where(Runs.set(dataSet).and(Runs.engine(engine)).and(Runs.measured()));
      add(chart, engine, runs.isBusyMachine(), own);
    }
    Palette.decades(
        chart.getStyler(),
        chart.getSeriesCollection().stream().flatMapToDouble(one -> Arrays.stream(one.getYData())));
    return chart;
  }

  private static void style(XYChart chart) {
    Palette.common(chart.getStyler());
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setMarkerSize(8);
    chart.getStyler().setXAxisMin(LEAST_RECALL);
    chart.getStyler().setXAxisMax(1.0);
    chart.getStyler().setXAxisDecimalPattern("0.00");
  }

  private static void add(XYChart chart, String engine, boolean busy, List<Row> rows) {
    List<SweepPoint> points =
        new RecallCurve(rows.stream().map(row -> point(row, busy)).toList())
            .front().stream().filter(point -> point.recall() >= LEAST_RECALL).toList();
    if (points.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            engine,
            points.stream().mapToDouble(SweepPoint::recall).toArray(),
            points.stream().mapToDouble(SweepPoint::qps).toArray());
    series.setLineColor(Palette.color(engine));
    series.setMarkerColor(Palette.color(engine));
    series.setMarker(Palette.marker(engine));
    series.setLineStyle(Palette.stroke(engine));
  }

  private static SweepPoint point(Row row, boolean busy) {
    double qps = busy ? 1e6 / row.cpuMicrosPerQuery() : row.qps();
    return new SweepPoint(
        row.knob() == null ? 0 : row.knob(),
        row.recall(),
        qps,
        qps,
        row.p50Micros(),
        row.p99Micros(),
        row.p999Micros(),
        row.cpuMicrosPerQuery(),
        row.allocatedBytesPerQuery());
  }
}
