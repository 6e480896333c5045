package io.firn.cli;

import io.firn.cli.console.Console;
import io.firn.cli.console.Failures;
import java.util.Locale;
import picocli.CommandLine;

/** The command line's way in. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT); // numbers look the same everywhere, and parse
    System.exit(run(Console.ofProcess(), arguments));
  }

  /** Runs one command and returns its exit code. */
  static int run(Console console, String... arguments) {
    var failures = new Failures(console);
    CommandLine commands =
        commandLine(console, failures)
            .setOut(console.out())
            .setErr(console.err())
            .setExecutionExceptionHandler(failures)
            .setParameterExceptionHandler(failures);
    try {
      return commands.execute(arguments);
    } catch (Error e) { // picocli hands on exceptions only
      return failures.report(e);
    } finally {
      console.out().flush();
      console.err().flush();
    }
  }

  private static CommandLine commandLine(Console console, Failures failures) {
    return new CommandLine(new FirnCommand(console, failures))
        .addSubcommand(new DemoCommand(console))
        .addSubcommand(new CreateCommand(console))
        .addSubcommand(new ImportCommand(console))
        .addSubcommand(new SearchCommand(console))
        .addSubcommand(new GetCommand(console))
        .addSubcommand(new DeleteCommand(console))
        .addSubcommand(new StatsCommand(console))
        .addSubcommand(new PlanCommand(console))
        .addSubcommand(new OptimizeCommand(console))
        .addSubcommand(new VerifyCommand(console))
        .addSubcommand(new BackupCommand(console))
        .addSubcommand(new RestoreCommand(console))
        .addSubcommand(new SalvageCommand(console))
        .addSubcommand(new DoctorCommand(console))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true);
  }
}
