package io.firn.cli.console;

/** A command cannot do what it was asked to; the message names value, reason and remedy. */
public final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ExitCode exitCode;

  public CommandFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
