package io.firn.bench.report;

import io.firn.bench.measure.RecallCurve;
import io.firn.bench.measure.Row;
import io.firn.bench.measure.SweepPoint;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * Speed against recall on one set, an engine a line: up and to the right is better. Recall is drawn
 * by what it lacks, so that 0.99 and 0.999 are as far apart as 0.9 and 0.99.
 */
final class RecallChart {

  private static final double LEAST_RECALL = 0.8;
  private static final double MOST_RECALL = 0.9995;

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
            .yAxisTitle("queries per second (up is better)")
            .build();
    style(chart);
    for (String engine : runs.engines()) {
      add(
          chart,
          engine,
          runs.where(Runs.set(dataSet).and(Runs.engine(engine)).and(Runs.measured())));
    }
    return chart;
  }

  private static void style(XYChart chart) {
    Palette.common(chart.getStyler());
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setMarkerSize(8);
    chart.getStyler().setXAxisMin(nines(LEAST_RECALL));
    chart.getStyler().setXAxisMax(nines(MOST_RECALL));
    chart
        .getStyler()
        .setXAxisTickLabelsFormattingFunction(
            nines -> Double.toString(Math.round((1 - Math.pow(10, -nines)) * 1e4) / 1e4));
  }

  private static void add(XYChart chart, String engine, List<Row> rows) {
    List<SweepPoint> points =
        new RecallCurve(rows.stream().map(RecallChart::point).toList())
            .front().stream().filter(point -> point.recall() >= LEAST_RECALL).toList();
    if (points.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            engine,
            points.stream().mapToDouble(point -> nines(point.recall())).toArray(),
            points.stream().mapToDouble(SweepPoint::qps).toArray());
    series.setLineColor(Palette.color(engine));
    series.setMarkerColor(Palette.color(engine));
    series.setMarker(Palette.marker(engine));
    series.setLineStyle(Palette.stroke(engine));
  }

  private static SweepPoint point(Row row) {
    return new SweepPoint(
        row.knob() == null ? 0 : row.knob(),
        row.recall(),
        row.qps(),
        row.qps(),
        row.p50Micros(),
        row.p99Micros(),
        row.p999Micros(),
        row.cpuMicrosPerQuery(),
        row.allocatedBytesPerQuery());
  }

  /** How many nines: 0.9 is 1, 0.99 is 2. */
  private static double nines(double recall) {
    return -Math.log10(1 - Math.min(recall, MOST_RECALL));
  }
}
