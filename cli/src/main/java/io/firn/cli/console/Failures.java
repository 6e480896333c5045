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
    return report(thrown instanceof UncheckedIOException e ? cause(e) : thrown);
  }

  @Override
  public int handleParseException(CommandLine.ParameterException failure, String[] arguments) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    report(
        ExitCode.USAGE,
        "%s. Try: %s --help".formatted(message(failure).replaceFirst("^Error: ", ""), command));
    return ExitCode.USAGE.number();
  }

  /** Reports a failure and returns its exit code. */
  public int report(Throwable failure) {
    ExitCode code = ExitCode.of(failure);
    String remedy =
        code == ExitCode.BUG && !debug ? " Run it again with --debug for the stack trace." : "";
    report(code, message(failure) + remedy);
    if (debug) {
      failure.printStackTrace(console.err());
    }
    return code.number();
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
      case OutOfMemoryError e ->
          "heap must hold the work but %s bytes do not (%s). Set FIRN_JAVA_OPTIONS=-Xmx4g, or use smaller batches."
              .formatted(Runtime.getRuntime().maxMemory(), e.getMessage());
      default -> {
        String message = failure.getMessage();
        yield message == null || failure instanceof Error ? failure.toString() : message;
      }
    };
  }
}
