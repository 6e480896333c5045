package io.firn.cli.console;

import java.util.ArrayList;
import java.util.List;

/** Lines of cells, each column as wide as its widest cell. */
public final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  /** Adds a line; lines may differ in length. */
  public TextTable row(Object... cells) {
    rows.add(java.util.Arrays.stream(cells).map(String::valueOf).toList());
    return this;
  }

  /** The lines, without space at their ends; the first column is indented by two. */
  public List<String> lines() {
    var widths = new ArrayList<Integer>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        if (i == widths.size()) {
          widths.add(0);
        }
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, List<Integer> widths) {
    var line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      line.append("  ").append(row.get(i)).append(" ".repeat(widths.get(i) - row.get(i).length()));
    }
    return line.toString().stripTrailing();
  }
}
