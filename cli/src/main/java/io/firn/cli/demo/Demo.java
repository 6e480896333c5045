package io.firn.cli.demo;

import io.firn.CollectionStats;
import io.firn.Database;
import io.firn.DatabaseStats;
import io.firn.Firn;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.TextTable;
import io.firn.cli.text.TextEmbedder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The demo, from start to table. */
public final class Demo {

  private final Console console;
  private final Path directory;

  /**
   * @param directory of the database, made if absent, else searched as it is
   */
  public Demo(Console console, Path directory) {
    this.console = console;
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * Builds what is missing, searches, crashes a child process, and shows the table.
   *
   * @param rows how many of the bundled definitions, at least 100
   * @param kills how many child processes are killed
   * @param seed of the moments of the kills
   */
  public ExitCode run(int rows, int kills, long seed) throws IOException, InterruptedException {
    List<Definition> bundled = Definition.bundled();
    List<Definition> definitions = bundled.subList(0, Math.min(rows, bundled.size()));
    console.say(
        "%,d definitions of WordNet, embedded by MiniLM and searched by meaning.%n"
            .formatted(definitions.size()));
    try (TextEmbedder embedder = TextEmbedder.miniLm();
        Database database = Firn.open(directory)) {
      var library = new Library(database, embedder);
      BuildTime built = build(library, definitions);
      List<Object> answers = search(library);
      console.say(
          "Crash proof: a process writes rows, and is killed at a random moment (seed %d)."
              .formatted(seed));
      Path beside = directory.getParent() == null ? directory : directory.getParent();
      CrashProof.Outcome crash = new CrashProof(console, beside, seed).run(kills);
      console.say("");
      report(library, built, crash, answers);
      return crash.failure() == null ? ExitCode.DONE : ExitCode.BUG;
    }
  }

  private BuildTime build(Library library, List<Definition> definitions) {
    BuildTime before = BuildTime.read(library.database());
    boolean there = before.linked() && before.stored() >= definitions.size();
    console.say(
        "Database %s: %s%n"
            .formatted(
                directory,
                there
                    ? "there from an earlier run"
                    : before.stored() == 0
                        ? "new"
                        : "unfinished, %,d rows there".formatted(before.stored())));
    BuildTime built = library.build(definitions, console);
    if (!there) {
      console.say("  %s%n".formatted(inWords(built)));
    }
    return built;
  }

  private List<Object> search(Library library) throws IOException {
    var questions = new Questions(library, console);
    console.say(
        "Questions, and the three nearest of %,d definitions by cosine distance:%n"
            .formatted(library.rows().count()));
    List<Object> answers = questions.askPrepared();
    BufferedReader typed = console.questions();
    if (typed != null) {
      questions.askPerson(typed);
    }
    return answers;
  }

  private static String inWords(BuildTime built) {
    return "%.1f s: embedding %.1f s (%,.0f/s), storing %.1f s, linking %.1f s"
        .formatted(
            built.totalSeconds(),
            built.embedSeconds(),
            built.stored() / built.embedSeconds(),
            built.storeSeconds(),
            built.linkSeconds());
  }

  private void report(
      Library library, BuildTime built, CrashProof.Outcome crash, List<Object> answers)
      throws IOException {
    List<float[]> queries = library.embedder().embedAll(Definition.heldOut());
    Measurement measured = Measurement.of(library.rows(), queries);
    DatabaseStats stats = library.database().stats();
    CollectionStats rows = library.rows().stats();
    int dimension = library.rows().spec().dimension();
    long memory = rows.memoryBytes() / rows.rows();
    long files = (rows.diskBytes() + stats.lmdbBytes()) / rows.rows();
    new TextTable()
        .row("rows", "%,d of %d dimensions".formatted(rows.rows(), dimension))
        .row("build time", inWords(built))
        .row(
            "recall@10",
            "%.3f against exact search, %d held-out definitions"
                .formatted(measured.recall(), measured.queries()))
        .row(
            "latency",
            "p50 %.2f ms, p99 %.2f ms, one thread"
                .formatted(measured.p50Millis(), measured.p99Millis()))
        .row(
            "bytes per vector",
            "%,d in memory, %,d on disk with ids and text (the vector itself: %,d)"
                .formatted(memory, files, dimension * Float.BYTES))
        .row("kernel", kernel(stats))
        .row("crash proof", crash.inWords())
        .lines()
        .forEach(line -> console.say(line));
    console.answer(
        "rows", rows.rows(),
        "buildSeconds", built.totalSeconds(),
        "recallAt10", measured.recall(),
        "p50Millis", measured.p50Millis(),
        "p99Millis", measured.p99Millis(),
        "memoryBytesPerVector", memory,
        "diskBytesPerVector", files,
        "kernel", stats.kernel(),
        "floatLanes", stats.laneBits() / Float.SIZE,
        "crash", crash,
        "answers", answers);
  }

  private static String kernel(DatabaseStats stats) {
    return stats.laneBits() == 0
        ? stats.kernel()
        : "%s, %d float lanes".formatted(stats.kernel(), stats.laneBits() / Float.SIZE);
  }
}
