package io.firn.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One look for all pictures: an engine has the same colour and marker everywhere. */
final class Palette {

  static final int WIDTH = 1000;
  static final int HEIGHT = 620;

  private record Look(Color color, Marker marker) {}

  private static final Map<String, Look> LOOKS =
      Map.of(
          "firn", new Look(new Color(0xD62728), SeriesMarkers.CIRCLE),
          "jvector-float", new Look(new Color(0x1F77B4), SeriesMarkers.SQUARE),
          "jvector-fused", new Look(new Color(0x17BECF), SeriesMarkers.DIAMOND),
          "lucene-float", new Look(new Color(0x2CA02C), SeriesMarkers.TRIANGLE_UP),
          "lucene-sq8", new Look(new Color(0x8FBC3F), SeriesMarkers.TRIANGLE_DOWN),
          "lucene-bbq", new Look(new Color(0xBCBD22), SeriesMarkers.CROSS),
          "hnswlib-java", new Look(new Color(0x9467BD), SeriesMarkers.TRAPEZOID));

  private static final List<Color> OTHERS =
      List.of(new Color(0x7F7F7F), new Color(0x8C564B), new Color(0xE377C2));

  private static final BasicStroke LINE = new BasicStroke(2f);
  private static final BasicStroke OWN_LINE = new BasicStroke(4f);

  private Palette() {}

  static Color color(String engine) {
    Look look = LOOKS.get(engine);
    return look == null
        ? OTHERS.get(Math.floorMod(engine.hashCode(), OTHERS.size()))
        : look.color();
  }

  static Marker marker(String engine) {
    Look look = LOOKS.get(engine);
    return look == null ? SeriesMarkers.OVAL : look.marker();
  }

  /** Ours is drawn thicker, so that it is found among many. */
  static BasicStroke stroke(String engine) {
    return engine.equals("firn") ? OWN_LINE : LINE;
  }

  /** A logarithmic axis from one power of ten to another, since only those are labelled. */
  static void decades(AxesChartStyler style, DoubleStream values) {
    DoubleSummaryStatistics range = values.filter(value -> value > 0).summaryStatistics();
    style.setYAxisLogarithmic(true);
    if (range.getCount() > 0) {
      style.setYAxisMin(Math.pow(10, Math.floor(Math.log10(range.getMin()))));
      style.setYAxisMax(Math.pow(10, Math.ceil(Math.log10(range.getMax()))));
    }
  }

  static void common(Styler style) {
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setLegendBorderColor(new Color(0xDDDDDD));
    style.setPlotBorderVisible(false);
  }
}
