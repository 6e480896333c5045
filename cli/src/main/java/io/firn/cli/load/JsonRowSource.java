package io.firn.cli.load;

import io.firn.Row;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import io.firn.cli.text.TextEmbedder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Rows of a JSONL file; texts become vectors here. */
final class JsonRowSource implements RowSource {

  private final JsonLines lines;
  private final Supplier<TextEmbedder> embedder;
  private final long count;
  private @Nullable JsonRow ahead;

  private JsonRowSource(JsonLines lines, Supplier<TextEmbedder> embedder, long count)
      throws IOException {
    this.lines = lines;
    this.embedder = embedder;
    this.count = count;
    this.ahead = lines.next();
  }

  static RowSource open(Path file, Supplier<TextEmbedder> embedder) throws IOException {
    long count = countLines(file);
    var lines = new JsonLines(file);
    try {
      return new JsonRowSource(lines, embedder, count);
    } catch (IOException | RuntimeException e) {
      lines.close();
      throw e;
    }
  }

  private static long countLines(Path file) throws IOException {
    long count = 1;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        count += b == '\n' ? 1 : 0;
      }
    }
    return count;
  }

  @Override
  public int dimension() {
    if (ahead == null) {
      return 0;
    }
    float[] vector = ahead.vector();
    return vector == null ? embedder.get().dimension() : vector.length;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public List<Row> next(int limit, int dimension) throws IOException {
    var block = new ArrayList<JsonRow>();
    while (block.size() < limit && ahead != null) {
      check(ahead, dimension);
      block.add(ahead);
      ahead = lines.next();
    }
    return rows(block);
  }

  private void check(JsonRow row, int dimension) {
    float[] vector = row.vector();
    int has = vector == null ? embedder.get().dimension() : vector.length;
    if (has != dimension) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s%s must have dimension %d but has %d: the collection's vectors have that. Correct the line, or import into another collection with --collection NAME."
              .formatted(
                  lines.place(row),
                  vector == null ? "embedded text" : "\"vector\"",
                  dimension,
                  has));
    }
  }

  /** Texts are embedded together, on all cores. */
  private List<Row> rows(List<JsonRow> block) {
    List<String> texts =
        block.stream().filter(row -> row.vector() == null).map(JsonRow::requireText).toList();
    var embedded =
        (texts.isEmpty() ? List.<float[]>of() : embedder.get().embedAll(texts)).iterator();
    var rows = new ArrayList<Row>(block.size());
    for (JsonRow row : block) {
      float[] vector = row.vector();
      rows.add(row.row(vector == null ? embedded.next() : vector));
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
