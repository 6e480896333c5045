package io.firn.bench.report;

import io.firn.bench.measure.Row;
import java.util.Comparator;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Speed at one recall over growing synthetic sets; a flat line would be the ideal. */
final class ScalingChart {

  private ScalingChart() {}

  static XYChart of(Runs runs, List<Row> rows, double recall) {
    XYChart chart =
        new XYChartBuilder()
            .width(Palette.WIDTH)
            .height(Palette.HEIGHT)
            .title(
                "Growing synthetic sets, %d dimensions, at recall %s"
                    .formatted(rows.getFirst().dimension(), recall))
            .xAxisTitle("vectors, logarithmic")
            .yAxisTitle("queries per second, logarithmic (up is better)")
            .build();
    Palette.common(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern("#,##0");
    chart.getStyler().setYAxisDecimalPattern("#,##0");
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    Palette.decades(chart.getStyler(), rows.stream().mapToDouble(Row::qps));
    for (String engine : runs.engines()) {
      List<Row> own =
          rows.stream()
              .filter(Runs.engine(engine))
              .sorted(Comparator.comparingInt(Row::rows))
              .toList();
      if (own.size() > 1) {
        XYSeries series =
            chart.addSeries(
                engine,
                own.stream().mapToDouble(Row::rows).toArray(),
                own.stream().mapToDouble(Row::qps).toArray());
        series.setLineColor(Palette.color(engine));
        series.setMarkerColor(Palette.color(engine));
        series.setMarker(Palette.marker(engine));
        series.setLineStyle(Palette.stroke(engine));
      }
    }
    return chart;
  }
}
