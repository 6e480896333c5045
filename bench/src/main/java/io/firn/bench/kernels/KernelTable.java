package io.firn.bench.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Kernel times as a Markdown table: a line for each kernel, place and variant. */
final class KernelTable {

  private KernelTable() {}

  /**
   * One measurement.
   *
   * @param nanos of one operation, the fastest iteration: others shared the machine with somebody
   * @param allocatedBytes of one operation
   */
  record Cell(
      String kernel,
      String variant,
      String place,
      int dimension,
      double nanos,
      double allocatedBytes) {

    String line() {
      return "| " + kernel + " | " + place + " | " + variant + " |";
    }
  }

  static String format(List<Cell> cells) {
    var dimensions = new TreeMap<Integer, Integer>();
    Map<String, Map<Integer, Cell>> lines = new LinkedHashMap<>();
    for (Cell cell : cells) {
      dimensions.merge(cell.dimension(), 1, Integer::sum);
      lines.computeIfAbsent(cell.line(), _ -> new TreeMap<>()).put(cell.dimension(), cell);
    }
    var table = new StringBuilder("| kernel | place | variant |");
    dimensions.keySet().forEach(d -> table.append(" d=").append(d).append(" |"));
    table.append(" B/op |\n|---|---|---|").append("---|".repeat(dimensions.size() + 1));
    lines.forEach((line, byDimension) -> {
      table.append('\n').append(line);
      double allocated = 0;
      for (int dimension : dimensions.keySet()) {
        Cell cell = byDimension.get(dimension);
        table.append(cell == null ? "  |" : String.format(Locale.ROOT, " %.1f |", cell.nanos()));
        allocated = cell == null ? allocated : Math.max(allocated, cell.allocatedBytes());
      }
      table.append(String.format(Locale.ROOT, " %.2f |", allocated));
    });
    return table.append('\n').toString();
  }
}
