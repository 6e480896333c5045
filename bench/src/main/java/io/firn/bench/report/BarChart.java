package io.firn.bench.report;

import io.firn.bench.measure.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Bars grouped by category, one bar an engine. */
final class BarChart {

  private final CategoryChart chart;
  private final List<Double> shown = new ArrayList<>();
  private boolean logarithmic;

  private BarChart(CategoryChart chart) {
    this.chart = chart;
  }

  static BarChart titled(String title, String categories, String values) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Palette.WIDTH)
            .height(Palette.HEIGHT)
            .title(title)
            .xAxisTitle(categories)
            .yAxisTitle(values)
            .build();
    Palette.common(chart.getStyler());
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    chart.getStyler().setAvailableSpaceFill(0.85);
    chart.getStyler().setYAxisDecimalPattern("#,##0.##");
    chart.getStyler().setLabelsVisible(true);
    chart.getStyler().setLabelsPosition(0.5);
    chart.getStyler().setLabelsRotation(90);
    return new BarChart(chart);
  }

  /**
   * Lines instead, on a logarithmic axis: values of very different size become comparable, and a
   * bar's length would then mean nothing.
   */
  BarChart asLines() {
    logarithmic = true;
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    chart.getStyler().setLabelsVisible(false);
    chart.getStyler().setOverlapped(true); // else markers stand beside their category
    chart.getStyler().setMarkerSize(8);
    return this;
  }

  /** One bar for each of {@code sets} that has a row of {@code engine} at {@code recall}. */
  void addByDataSet(
      Runs runs, List<String> sets, String engine, double recall, ToDoubleFunction<Row> value) {
    List<@Nullable Double> values = new ArrayList<>();
    for (String set : sets) {
      List<Row> found = runs.where(Runs.set(set).and(Runs.engine(engine)).and(Runs.at(recall)));
      values.add(found.isEmpty() ? null : value.applyAsDouble(found.getLast()));
    }
    add(engine, engine, sets, values);
  }

  void add(String name, String engine, List<String> categories, List<@Nullable Double> values) {
    List<@Nullable Double> rounded = new ArrayList<>();
    for (Double value : values) {
      rounded.add(value == null ? null : labelled(value));
    }
    rounded.stream().filter(Objects::nonNull).forEach(shown::add);
    if (rounded.stream().allMatch(Objects::isNull)) {
      return;
    }
    CategorySeries series = chart.addSeries(name, categories, rounded);
    series.setFillColor(Palette.color(engine));
    series.setLineColor(Palette.color(engine));
    series.setLineStyle(Palette.stroke(engine));
    series.setMarker(Palette.marker(engine));
    series.setMarkerColor(Palette.color(engine));
  }

  boolean isEmpty() {
    return chart.getSeriesCollection().isEmpty();
  }

  /** Bars are labelled by their value; more digits would not be read. */
  private static double labelled(double value) {
    return value >= 100 ? Math.round(value) : Math.round(value * 100) / 100.0;
  }

  CategoryChart chart() {
    if (logarithmic) {
      Palette.decades(chart.getStyler(), shown.stream().mapToDouble(value -> value));
    }
    return chart;
  }
}
