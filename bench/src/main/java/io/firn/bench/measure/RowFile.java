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

  /** What was measured together. */
  public record Run<T>(Machine machine, List<T> rows) {}

  /** The runs of a file, in order. */
  public static <T> List<Run<T>> runs(Path file, Class<T> kind) throws IOException {
    List<Run<T>> runs = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(line);
      if (node.has(MACHINE)) {
        Machine machine = JSON.treeToValue(node.get(MACHINE), Machine.class);
        runs.add(new Run<>(machine, new ArrayList<>()));
      } else if (runs.isEmpty()) {
        throw new IOException(
            "%s must begin with a machine but begins with a row: where it was measured is not known. Put the machine's line first."
                .formatted(file));
      } else {
        runs.getLast().rows().add(JSON.treeToValue(node, kind));
      }
    }
    return runs;
  }

  /** All rows of a file, whatever run they are of. */
  public static <T> List<T> read(Path file, Class<T> kind) throws IOException {
    return runs(file, kind).stream().flatMap(run -> run.rows().stream()).toList();
  }
}
