package io.firn.bench.measure;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of JSON lines: a machine, then the rows measured there, then perhaps more of both. */
public final class RowFile {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String MACHINE = "machine";

  private RowFile() {}

  /** One row as a line of JSON. */
  public static String line(Object row) {
    return JSON.writeValueAsString(row);
  }

  /** Appends a run; earlier runs stay. */
  public static void append(Path file, Machine machine, List<?> rows) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try (BufferedWriter out =
        Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      out.write(line(Map.of(MACHINE, machine)));
      out.newLine();
      for (Object row : rows) {
        out.write(line(row));
        out.newLine();
      }
    }
  }

  /** All rows of a file that are of one kind. */
  public static <T> List<T> read(Path file, Class<T> kind) throws IOException {
    List<T> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      if (!node.has(MACHINE)) {
        rows.add(JSON.treeToValue(node, kind));
      }
    }
    return rows;
  }

  /** The machines of a file, in order. */
  public static List<Machine> machines(Path file) throws IOException {
    List<Machine> machines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      if (node.has(MACHINE)) {
        machines.add(JSON.treeToValue(node.get(MACHINE), Machine.class));
      }
    }
    return machines;
  }
}
