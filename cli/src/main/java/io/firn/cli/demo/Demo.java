package io.firn.cli.demo;

import io.firn.Database;
import io.firn.Firn;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
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
      report(library, built, crash, answers).show(console);
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
      console.say("  %s%n".formatted(built.inWords()));
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

  private static Report report(
      Library library, BuildTime built, CrashProof.Outcome crash, List<Object> answers)
      throws IOException {
    List<String> heldOut = Definition.heldOut();
    int count = (int) Math.min(heldOut.size(), library.rows().count());
    List<float[]> queries = library.embedder().embedAll(heldOut.subList(0, count));
    return new Report(
        built,
        Measurement.of(library.rows(), queries),
        library.database().stats(),
        library.rows().stats(),
        library.rows().spec().dimension(),
        crash,
        answers);
  }
}
