package io.firn.cli;

import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.Failures;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command above all others: options that each of them has, and the help. */
@Command(
    name = "firn",
    header = "Firn, an embedded vector database for the JVM.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = FirnCommand.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footer = {
      "",
      "./firn test runs the tests, ./firn bench the measurements.",
      "./firn COMMAND --help says more."
    })
final class FirnCommand implements Callable<Integer> {

  private final Console console;
  private final Failures failures;
  private @Nullable CommandSpec spec;

  FirnCommand(Console console, Failures failures) {
    this.console = console;
    this.failures = failures;
  }

  @Spec
  void spec(CommandSpec given) {
    given.usageMessage().exitCodeList(ExitCode.meanings());
    spec = given;
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Answer with one JSON object on one line; errors are one too, on stderr.")
  void json(boolean on) {
    console.setJson(on);
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error.")
  void debug(boolean on) {
    failures.setDebug(on);
  }

  @Override
  public Integer call() {
    if (spec != null) {
      spec.commandLine().usage(console.out());
    }
    return ExitCode.USAGE.number();
  }

  /** Version of the jar and of the JDK. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = FirnCommand.class.getPackage().getImplementationVersion();
      return new String[] {
        "Firn " + (version == null ? "(built from source)" : version),
        "JDK %s, %s".formatted(Runtime.version(), System.getProperty("java.vendor"))
      };
    }
  }
}
