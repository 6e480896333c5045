package io.firn.cli.load;

import io.firn.Row;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of a vector file, numbered. */
final class VectorRowSource implements RowSource {

  private final Path file;
  private final VectorSource vectors;
  private long nextId;

  private VectorRowSource(Path file, VectorSource vectors, long firstId) {
    this.file = file;
    this.vectors = vectors;
    this.nextId = firstId;
  }

  static RowSource open(Path file, long firstId) throws IOException {
    try {
      return new VectorRowSource(file, VectorSource.open(file), firstId);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.REFUSED, String.valueOf(e.getMessage()).replace("one of ", "one of jsonl, "));
    }
  }

  @Override
  public int dimension() {
    return vectors.dimension();
  }

  @Override
  public long count() {
    return vectors.count();
  }

  @Override
  public List<Row> next(int limit, int dimension) throws IOException {
    if (vectors.dimension() != dimension) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          String.format(
              Locale.ROOT,
              "%s must have dimension %d but has %d: the collection's vectors have that. Import into another collection with --collection NAME.",
              file,
              dimension,
              vectors.dimension()));
    }
    var rows = new ArrayList<Row>();
    var vector = new float[dimension];
    while (rows.size() < limit && vectors.next(vector)) {
      rows.add(Row.of(nextId++, vector.clone()));
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    vectors.close();
  }
}
