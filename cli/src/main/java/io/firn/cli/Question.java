package io.firn.cli;

import io.firn.Collection;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import io.firn.cli.format.VectorSource;
import io.firn.cli.text.TextEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a search looks for: one of a text, a vector in a file, a row. */
final class Question {

  @Parameters(paramLabel = "TEXT", arity = "0..1", description = "A text, embedded by MiniLM.")
  private @Nullable String text;

  @Option(names = "--like", paramLabel = "ID", description = "The row of that id.")
  private @Nullable String like;

  @ArgGroup(exclusive = false)
  private @Nullable FileRow fileRow;

  /** A row of a vector file. */
  static final class FileRow {
    @Option(
        names = "--vector",
        required = true,
        paramLabel = "FILE",
        description = "A vector of an fvecs, bvecs, fbin, u8bin, i8bin or npy file.")
    private Path file = Path.of("");

    @Option(
        names = "--row",
        paramLabel = "N",
        description = "Which vector of the file (default: the first, 0).")
    private long row;
  }

  /** The vector to search for. */
  float[] vector(Collection in) throws IOException {
    if (fileRow != null) {
      return read(fileRow.file, fileRow.row);
    }
    if (like != null) {
      return RowIds.require(in, like).vector();
    }
    return embed(in, text == null ? "" : text);
  }

  private static float[] embed(Collection in, String text) {
    if (text.isBlank()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "text must not be blank but is: it has no meaning to look for. Ask something.");
    }
    try (TextEmbedder embedder = TextEmbedder.miniLm()) {
      if (in.spec().dimension() != embedder.dimension()) {
        throw new CommandFailure(
            ExitCode.REFUSED,
            "collection %s must have dimension %d for a text but has %d: its vectors are of another model. Search with --vector or --like."
                .formatted(in.name(), embedder.dimension(), in.spec().dimension()));
      }
      return embedder.embed(text);
    }
  }

  private static float[] read(Path file, long row) throws IOException {
    try (VectorSource source = VectorSource.open(file)) {
      if (row < 0 || row >= source.count()) {
        throw new CommandFailure(
            ExitCode.REFUSED,
            "--row must be 0..%d but is %d: %s has no other vectors. Choose a row in the range."
                .formatted(source.count() - 1, row, file));
      }
      var vector = new float[source.dimension()];
      for (long i = 0; i <= row; i++) {
        source.next(vector);
      }
      return vector;
    }
  }
}
