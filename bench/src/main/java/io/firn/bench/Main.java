package io.firn.bench;

import io.firn.bench.codes.CodesCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code firn bench}: measures Firn and its peers on the same data and machine. */
@Command(
    name = "bench",
    description = "Measures Firn and its peers on the same data and machine.",
    mixinStandardHelpOptions = true,
    subcommands = {
      DataCommand.class,
      AnnCommand.class,
      LoadCommand.class,
      IngestCommand.class,
      OpenCommand.class,
      MemoryCommand.class,
      KernelTimesCommand.class,
      CodesCommand.class,
      FilterCommand.class,
      RecallCommand.class,
      ReportCommand.class,
      ChildBuildCommand.class,
      ChildSearchCommand.class,
      ChildOpenCommand.class,
      ChildMemoryCommand.class
    })
public final class Main {

  private Main() {}

  /** Runs a command and exits: 0 done, 1 failed, 2 wrong usage, 3 an engine answered wrongly. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(new Failure())
        .execute(args);
  }
}
