package io.firn.cli;

import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Metric;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a collection, and the database if there is none. */
@Command(
    name = "create",
    header = "Create a collection, and the database if there is none.",
    description = "An existing collection is checked: another dimension or metric is an error.")
final class CreateCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Parameters(paramLabel = "NAME", description = "1..64 of A-Z a-z 0-9 _ -, not beginning with _.")
  private String name = "";

  @Option(
      names = "--dimension",
      paramLabel = "N",
      description = "Floats per vector (default: ${DEFAULT-VALUE}, for text).")
  private int dimension = 384;

  @Option(names = "--metric", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Metric metric = Metric.COSINE;

  @Option(
      names = "--m",
      paramLabel = "N",
      description = "Links per row in the graph (default: ${DEFAULT-VALUE}).")
  private int m = 16;

  @Option(
      names = "--ef-construction",
      paramLabel = "N",
      description = "Candidates while a row is linked (default: ${DEFAULT-VALUE}).")
  private int efConstruction = 200;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the index (default: ${DEFAULT-VALUE}).")
  private long seed = 42;

  CreateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var spec = new CollectionSpec(dimension, metric, m, efConstruction, seed);
    try (Database open = database.openOrCreate()) {
      open.collection(name, spec);
    }
    console.say(
        "%s: %d dimensions, %s, in %s".formatted(name, dimension, metric, database.directory()));
    console.answer("collection", name, "dimension", dimension, "metric", metric.name());
    return ExitCode.DONE.number();
  }
}
