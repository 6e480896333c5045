package io.firn.cli;

import io.firn.BulkLoad;
import io.firn.Collection;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.FirnException;
import io.firn.Metric;
import io.firn.Options;
import io.firn.Row;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.ProgressLine;
import io.firn.cli.load.RowSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores the rows of a file. */
@Command(
    name = "import",
    header = "Store the rows of a file: jsonl, fvecs, bvecs, fbin, u8bin, i8bin or npy.",
    description = {
      "",
      "A line of JSONL is an object: \"id\" (string or integer), \"vector\" (numbers) or \"text\" (embedded by MiniLM), and metadata. A vector of another file gets its place as id.",
      "The collection is made if there is none. Rows are replaced by id: after an error, import again.",
      "With --bulk all rows come in one commit, or none: the fastest way for many.",
      ""
    })
final class ImportCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final CollectionOption collection = new CollectionOption();
  @Mixin private final MemoryOption memory = new MemoryOption();

  @Parameters(paramLabel = "FILE", description = "Its extension names the format.")
  private Path file = Path.of("");

  @Option(
      names = "--metric",
      description = "Of a new collection: ${COMPLETION-CANDIDATES} (default: COSINE).")
  private @Nullable Metric metric;

  @Option(
      names = "--first-id",
      paramLabel = "N",
      description = "Id of a vector file's first vector (default: ${DEFAULT-VALUE}).")
  private long firstId;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      description = "Rows per commit (default: ${DEFAULT-VALUE}).")
  private int batchRows = 1_000;

  @Option(
      names = "--bulk",
      description = "Write rows into segment files and build their graph at once; one commit.")
  private boolean bulk;

  @Option(names = "--optimize", description = "Optimize afterwards.")
  private boolean optimize;

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (batchRows < 1 || batchRows > 100_000) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "--batch must be 1..100000 but is %d: a batch is held in memory. Leave it out if unsure."
              .formatted(batchRows));
    }
    Options options = memory.in(Options.DEFAULT);
    long startNanos = System.nanoTime();
    try (var embedder = new LazyEmbedder();
        RowSource source = RowSource.open(file, firstId, embedder::get);
        Database open = database.openOrCreate(options)) {
      Collection in = target(open, source);
      long rows = bulk ? load(in, source) : store(in, source);
      if (optimize) {
        OptimizeCommand.optimize(console, in);
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      console.say(
          "%s: %,d rows in %.1f s, now %,d".formatted(in.name(), rows, seconds, in.count()));
      console.answer(
          "collection", in.name(), "imported", rows, "rows", in.count(), "seconds", seconds);
    }
    return ExitCode.DONE.number();
  }

  /** The collection that is named or the only one; a new one is called as the file is. */
  private Collection target(Database open, RowSource source) {
    List<String> names = open.collections();
    String name = collection.name();
    if (name == null ? !names.isEmpty() : names.contains(name)) {
      return checked(collection.in(open));
    }
    if (source.dimension() == 0) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s must hold a row but is empty: a new collection takes its dimension from the first. Use create."
              .formatted(file));
    }
    var spec = CollectionSpec.of(source.dimension(), metric == null ? Metric.COSINE : metric);
    return open.collection(name == null ? nameOf(file) : name, spec);
  }

  private Collection checked(Collection found) {
    if (metric != null && metric != found.spec().metric()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "metric of collection %s must be %s as created but --metric is %s: distances of two kinds cannot be compared. Leave it out or name another collection."
              .formatted(found.name(), found.spec().metric(), metric));
    }
    return found;
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String plain =
        name.substring(0, dot < 0 ? name.length() : dot).replaceAll("[^A-Za-z0-9_-]", "-");
    return plain.replaceFirst("^_+", "").transform(s -> s.isEmpty() ? "rows" : s);
  }

  private long store(Collection in, RowSource source) throws IOException {
    long rows = 0;
    try (ProgressLine progress = console.progress("importing", "rows", source.count())) {
      List<Row> batch = source.next(batchRows, in.spec().dimension());
      while (!batch.isEmpty()) {
        in.upsertAll(batch);
        rows += batch.size();
        progress.at(rows);
        batch = source.next(batchRows, in.spec().dimension());
      }
    } catch (CommandFailure | FirnException.InvalidInput e) {
      throw new CommandFailure(
          ExitCode.REFUSED, "%s %,d rows before are stored.".formatted(e.getMessage(), rows));
    }
    return rows;
  }

  private long load(Collection in, RowSource source) throws IOException {
    try (BulkLoad load = in.bulk()) {
      try (ProgressLine progress = console.progress("reading", "rows", source.count())) {
        List<Row> batch = source.next(batchRows, in.spec().dimension());
        while (!batch.isEmpty()) {
          batch.forEach(load::add);
          progress.at(load.rows());
          batch = source.next(batchRows, in.spec().dimension());
        }
      }
      try (ProgressLine progress = console.progress("linking", "rows", load.rows())) {
        load.commit((done, total) -> progress.at(done));
      }
      return load.rows();
    } catch (CommandFailure | FirnException.InvalidInput e) {
      throw new CommandFailure(ExitCode.REFUSED, "%s Nothing is stored.".formatted(e.getMessage()));
    }
  }
}
