package io.firn.bench;

import io.firn.FirnException;
import io.firn.bench.measure.ChildJvm;
import io.firn.bench.measure.WrongAnswerException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Turns what a command throws into a message and an exit code; only our own faults get a trace. */
final class Failure implements CommandLine.IExecutionExceptionHandler {

  static final int FAILED = 1;
  static final int USAGE = 2;

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed)
      throws Exception {
    PrintWriter err = command.getErr();
    return switch (e) {
      case WrongAnswerException wrong -> say(err, wrong, ChildJvm.WRONG_ANSWER);
      case FirnException.InvalidInput usage -> say(err, usage, USAGE);
      case FirnException failed -> say(err, failed, FAILED);
      case IllegalArgumentException usage -> say(err, usage, USAGE);
      case IOException failed -> say(err, failed, FAILED);
      default -> throw e;
    };
  }

  private static int say(PrintWriter err, Exception e, int code) {
    err.println("error: " + e.getMessage());
    return code;
  }
}
