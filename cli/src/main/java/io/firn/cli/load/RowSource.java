package io.firn.cli.load;

import io.firn.Row;
import io.firn.cli.text.TextEmbedder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Rows read from a file, in its order. For one thread; holds no more than it hands out. */
public interface RowSource extends Closeable {

  /** Floats of the first row's vector; 0 if there is no row. */
  int dimension();

  /** Rows in the file, about: blank lines count. */
  long count();

  /**
   * The next rows, none at the end.
   *
   * @param limit most rows to return
   * @param dimension that each vector must have
   * @throws io.firn.cli.console.CommandFailure if a row cannot be stored, naming the place
   */
  List<Row> next(int limit, int dimension) throws IOException;

  /**
   * Opens a file by its extension: jsonl or ndjson, otherwise a vector file, whose rows get their
   * place in the file as long id.
   *
   * @param firstId of the first row of a vector file
   * @param embedder asked for when the first text is met
   */
  static RowSource open(Path file, long firstId, Supplier<TextEmbedder> embedder)
      throws IOException {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jsonl") || name.endsWith(".ndjson")
        ? JsonRowSource.open(file, embedder)
        : VectorRowSource.open(file, firstId);
  }
}
