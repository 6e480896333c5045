package io.firn.cli;

import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.demo.Demo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what Firn does. */
@Command(
    name = "demo",
    header = "Search 13,000 definitions by meaning, and survive kills.",
    description = {
      "",
      "Embeds and stores definitions of WordNet, or finds them from an earlier run, asks prepared questions and yours, kills a writing process and counts its rows, and ends with a table.",
      ""
    })
final class DemoCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = {"-d", "--database"},
      paramLabel = "DIR",
      description = "Directory of the database (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("firn-demo");

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Definitions to store (default: ${DEFAULT-VALUE}, all).")
  private int rows = 13_000;

  @Option(
      names = "--kills",
      paramLabel = "N",
      description = "Writing processes to kill (default: ${DEFAULT-VALUE}).")
  private int kills = 3;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of the moments of the kills (default: random, and shown).")
  private @Nullable Long seed;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    require("--rows", rows, 100, 13_000);
    require("--kills", kills, 0, 1_000);
    long kill = seed == null ? System.nanoTime() & 0xffff : seed;
    return new Demo(console, directory).run(rows, kills, kill).number();
  }

  private static void require(String what, int value, int min, int max) {
    if (value < min || value > max) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "%s must be %d..%d but is %d: there is nothing to show otherwise. Leave it out if unsure."
              .formatted(what, min, max, value));
    }
  }
}
