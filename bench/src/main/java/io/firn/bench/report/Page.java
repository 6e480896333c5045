package io.firn.bench.report;

import io.firn.bench.measure.Machine;
import io.firn.bench.measure.Row;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A report as one HTML file that needs no other. */
final class Page {

  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; color: #222 }
      table { border-collapse: collapse; margin: 1rem 0 2rem; width: 100% }
      th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap }
      th { background: #f6f6f6 } th:first-child, td:first-child { text-align: left }
      tr.firn td { font-weight: 600; background: #fff5f5 }
      td.none { color: #999; text-align: left }
      img { max-width: 100%; height: auto; margin: .5rem 0 } code { background: #f4f4f4; padding: .1rem .3rem }
      p.warning { border-left: 4px solid #d62728; padding: .3rem 1rem; background: #fff5f5 }
      div.wide { overflow-x: auto }
      """;

  private final StringBuilder html = new StringBuilder();
  private final Runs runs;
  private final List<Double> recalls;

  private Page(Runs runs, List<Double> recalls) {
    this.runs = runs;
    this.recalls = recalls;
  }

  static String of(Runs runs, List<Double> recalls, Map<String, byte[]> pictures, String command) {
    Page page = new Page(runs, recalls);
    page.head(command);
    page.warning();
    for (String set : runs.dataSets()) {
      page.table(set);
      page.pictures(pictures, set);
    }
    page.html.append("<h2>All sets</h2>\n");
    page.pictures(pictures, "");
    page.configurations();
    return page.html.append("</body></html>\n").toString();
  }

  private void head(String command) {
    html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .append("<title>Firn benchmarks</title><style>")
        .append(STYLE)
        .append("</style></head><body>\n<h1>Firn and its peers</h1>\n");
    Machine machine = runs.machines().getLast();
    html.append(
            "<p>Last measured %s at commit %s on %s; the last table says when and at which commit each engine was.</p>\n"
                .formatted(
                    escaped(moment(machine)), escaped(machine.commit()), escaped(place(machine))))
        .append("<p>Regenerate by <code>")
        .append(escaped(command))
        .append("</code>. Flags of every measuring process: <code>")
        .append(escaped(String.join(" ", machine.flags())))
        .append("</code>. Each engine builds and searches in processes of its own, all take the ")
        .append("same queries, all answers are checked, speeds are the best of all passes and ")
        .append("their spread is (best - slowest) / best. Rows at an asked recall lie between ")
        .append("two measured settings, or are the fastest setting where it has more.</p>\n");
  }

  /** Says so where rows do not compare, or only by processor times. */
  private void warning() {
    List<String> machines = runs.machines().stream().map(Page::place).distinct().toList();
    if (machines.size() > 1) {
      html.append(
              "<p class=\"warning\">These rows come from different machines and do not compare: ")
          .append(escaped(String.join("; ", machines)))
          .append("</p>\n");
    }
    if (runs.isBusyMachine()) {
      html.append(
          "<p class=\"warning\">Other work used this machine: a searching thread had a processor for %.0f %% of its time. QPS, latencies, open times and build seconds are therefore worse than on an idle machine, and erratic; compare by the CPU columns, as the pictures of recall do.</p>\n"
              .formatted(runs.processorShare() * 100));
    }
  }

  private static String place(Machine machine) {
    return "%s, %d cores, %.1f GiB, %s, JDK %s"
        .formatted(
            machine.cpu(), machine.cores(), machine.memoryGib(), machine.kernel(), machine.jdk());
  }

  private void table(String set) {
    html.append("<h2>").append(escaped(set)).append("</h2>\n<div class=\"wide\"><table><tr>");
    for (String title :
        List.of(
            "engine",
            "recall",
            "QPS",
            "spread",
            "p50 µs",
            "p99 µs",
            "p99.9 µs",
            "CPU µs",
            "build s",
            "build CPU s",
            "B/vector disk",
            "B/vector RAM",
            "open ms",
            "B/query")) {
      html.append("<th>").append(title).append("</th>");
    }
    html.append("</tr>\n");
    for (double recall : recalls) {
      for (String engine : runs.engines()) {
        List<Row> own = runs.where(Runs.set(set).and(Runs.engine(engine)));
        if (!own.isEmpty()) {
          line(engine, recall, own);
        }
      }
    }
    html.append("</table></div>\n");
  }

  private void line(String engine, double recall, List<Row> own) {
    html.append("<tr class=\"").append(escaped(engine)).append("\"><td>").append(escaped(engine));
    own.stream()
        .filter(Runs.at(recall))
        .findAny()
        .ifPresentOrElse(
            row -> html.append("</td>").append(cells(row)),
            () ->
                html.append(
                    "</td><td>%.2f</td><td class=\"none\" colspan=\"12\">not reached; best %.4f</td>"
                        .formatted(recall, own.stream().mapToDouble(Row::recall).max().orElse(0))));
    html.append("</tr>\n");
  }

  private static String cells(Row row) {
    StringBuilder cells = new StringBuilder();
    for (String cell :
        List.of(
            String.format(Locale.ROOT, "%.4f", row.recall()),
            number(row.qps()),
            String.format(Locale.ROOT, "%.0f %%", row.qpsSpread() * 100),
            number(row.p50Micros()),
            number(row.p99Micros()),
            number(row.p999Micros()),
            number(row.cpuMicrosPerQuery()),
            String.format(Locale.ROOT, "%.1f", row.buildSeconds()),
            row.buildCpuSeconds() == 0
                ? "unknown"
                : String.format(Locale.ROOT, "%.1f", row.buildCpuSeconds()),
            number(row.bytesPerVector().disk()),
            number(row.bytesPerVector().resident()),
            number(row.openMillis()),
            number(row.allocatedBytesPerQuery()))) {
      cells.append("<td>").append(cell).append("</td>");
    }
    return cells.toString();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  /** Pictures of one set, or those of none. */
  private void pictures(Map<String, byte[]> pictures, String set) {
    pictures.forEach((name, png) -> {
      boolean ofASet = runs.dataSets().stream().anyMatch(one -> Pictures.isOf(one, name));
      if (set.isEmpty() ? !ofASet : Pictures.isOf(set, name)) {
        html.append("<img alt=\"%s\" src=\"data:image/png;base64,".formatted(escaped(name)))
            .append(Base64.getEncoder().encodeToString(png))
            .append("\">\n");
      }
    });
  }

  private void configurations() {
    html.append("<h2>Configurations</h2><table><tr><th>engine</th><th>version</th>")
        .append(
            "<th>set</th><th>built with</th><th>threads</th><th>peak GiB</th><th>measured</th><th>commit</th></tr>\n");
    for (String engine : runs.engines()) {
      for (String set : runs.dataSets()) {
        runs.where(Runs.set(set).and(Runs.engine(engine))).stream()
            .findFirst()
            .ifPresent(this::built);
      }
    }
    html.append("</table>\n");
  }

  private void built(Row row) {
    html.append("<tr>");
    for (String cell :
        List.of(
            row.engine(),
            row.version(),
            Runs.title(row),
            new TreeMap<>(row.config()).toString(),
            Integer.toString(row.buildThreads()),
            row.buildPeakBytes() == 0
                ? "unknown"
                : String.format(Locale.ROOT, "%.2f", row.buildPeakBytes() / (double) (1 << 30)),
            moment(runs.machine(row)),
            runs.machine(row).commit())) {
      html.append("<td>").append(escaped(cell)).append("</td>");
    }
    html.append("</tr>\n");
  }

  private static String moment(Machine machine) {
    return machine.time().substring(0, 16).replace('T', ' ');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
