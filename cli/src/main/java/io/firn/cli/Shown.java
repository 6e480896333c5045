package io.firn.cli;

import io.firn.Hit;
import io.firn.Metadata;
import io.firn.Row;
import io.firn.cli.console.Console;
import io.firn.cli.console.TextTable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Rows and hits as they are shown: JSON objects and lines of text. */
final class Shown {

  private Shown() {}

  static Object row(Row row, boolean withVector) {
    var shown = Console.object("id", id(row.hasLongId(), row.id()));
    shown.put("metadata", metadata(row.metadata()));
    if (withVector) {
      shown.put("vector", row.vector());
    }
    return shown;
  }

  static Object hit(Hit hit, boolean withVector) {
    var shown = Console.object("id", id(hit.hasLongId(), hit.id()), "distance", hit.distance());
    shown.put("metadata", metadata(hit.metadata()));
    if (withVector) {
      shown.put("vector", hit.vector());
    }
    return shown;
  }

  private static Object id(boolean isLong, String id) {
    return isLong ? (Object) Long.parseLong(id) : id;
  }

  /** Fields in their order; Jackson writes bytes as base64. */
  private static Map<String, Object> metadata(Metadata metadata) {
    var fields = new LinkedHashMap<String, Object>();
    for (String name : metadata.names()) {
      Object value = metadata.get(name);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields;
  }

  /** A line for each field. */
  static TextTable fields(Metadata metadata) {
    var table = new TextTable();
    metadata(metadata).forEach((name, value) -> table.row(name, text(value)));
    return table;
  }

  /** The text if there is one, otherwise all fields, on one line. */
  static String line(Metadata metadata) {
    String text = metadata.getString("text");
    return text != null ? oneLine(text) : metadata.isEmpty() ? "" : oneLine(metadata.toString());
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? bytes.length + " bytes" : oneLine(String.valueOf(value));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  static String vector(float[] vector) {
    return Arrays.toString(vector);
  }
}
