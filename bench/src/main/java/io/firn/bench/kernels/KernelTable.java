package io.firn.bench.kernels;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Kernel times as a Markdown table: a line for each kernel, place and variant. */
public final class KernelTable {

  private KernelTable() {}

  /** Returns the table; of several measurements of the same thing it shows the last. */
  public static String of(List<KernelRow> rows) {
    var dimensions = new TreeMap<Integer, Integer>();
    Map<String, Map<Integer, KernelRow>> lines = new LinkedHashMap<>();
    for (KernelRow row : rows) {
      dimensions.merge(row.dimension(), 1, Integer::sum);
      lines.computeIfAbsent(row.line(), _ -> new TreeMap<>()).put(row.dimension(), row);
    }
    var table = new StringBuilder("| kernel, ns | place | variant |");
    dimensions.keySet().forEach(d -> table.append(" d=").append(d).append(" |"));
    table.append(" B/op |\n|---|---|---|").append("---|".repeat(dimensions.size() + 1));
    lines.forEach((line, byDimension) -> {
      table.append('\n').append(line);
      double allocated = 0;
      for (int dimension : dimensions.keySet()) {
        KernelRow row = byDimension.get(dimension);
        table.append(row == null ? "  |" : String.format(Locale.ROOT, " %.1f |", row.nanos()));
        allocated = row == null ? allocated : Math.max(allocated, row.allocatedBytes());
      }
      table.append(String.format(Locale.ROOT, " %.1f |", allocated));
    });
    return table.toString();
  }
}
