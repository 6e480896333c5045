package io.firn.cli.console;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;

/** Turns what a command throws into one line on stderr and an exit code. */
public final class Failures
    implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {

  private final Console console;
  private boolean debug;

  public Failures(Console console) {
    this.console = console;
  }

  /** Whether stack traces are shown. */
  public void setDebug(boolean debug) {
    this.debug = debug;
  }

  @Override
  public int handleExecutionException(
      Exception thrown, CommandLine command, CommandLine.ParseResult parsed) {
    Throwable failure = thrown instanceof UncheckedIOException e ? cause(e) : thrown;
    ExitCode code = ExitCode.of(failure);
    report(code, message(failure));
    if (debug) {
      thrown.printStackTrace(console.err());
    } else if (code == ExitCode.BUG) {
      console.err().println("Run it again with --debug for the stack trace.");
    }
    return code.number();
  }

  @Override
  public int handleParseException(CommandLine.ParameterException failure, String[] arguments) {
    report(ExitCode.USAGE, message(failure));
    console
        .err()
        .println("Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE.number();
  }

  private void report(ExitCode code, String message) {
    if (console.json()) {
      Object error = Console.object("code", code.name(), "message", message);
      console.err().println(Console.toJson(Console.object("error", error)));
    } else {
      console.err().println("firn: " + message);
    }
  }

  private static Throwable cause(UncheckedIOException failure) {
    Throwable cause = failure.getCause();
    return cause == null ? failure : cause;
  }

  /** Exceptions of the file system say nothing but a name. */
  private static String message(Throwable failure) {
    return switch (failure) {
      case NoSuchFileException e ->
          "file must exist but %s does not. Check the path.".formatted(e.getFile());
      case AccessDeniedException e ->
          "%s must be accessible but is not: its rights forbid it. Change them or run as another user."
              .formatted(e.getFile());
      case FileAlreadyExistsException e ->
          "%s must be a directory but is a file. Choose another path.".formatted(e.getFile());
      default -> {
        String message = failure.getMessage();
        yield message == null ? failure.toString() : message;
      }
    };
  }
}
