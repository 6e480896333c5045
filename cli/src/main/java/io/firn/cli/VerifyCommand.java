package io.firn.cli;

import io.firn.Database;
import io.firn.VerifyReport;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Checks a database. */
@Command(
    name = "verify",
    header = "Read everything and check it.",
    description =
        "Checksums of all blocks, records, ids, vectors and graphs. Ends with 6 if something is wrong.")
final class VerifyCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  VerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VerifyReport report;
    try (Database open = database.open()) {
      report = open.verify();
    }
    report.problems().forEach(problem -> console.say(problem));
    console.say(
        "%,d rows and %d files checked: %s"
            .formatted(
                report.rows(),
                report.files(),
                report.ok() ? "all is well" : report.problems().size() + " problem(s), see above"));
    console.answer(
        "ok",
        report.ok(),
        "rows",
        report.rows(),
        "files",
        report.files(),
        "problems",
        report.problems());
    return (report.ok() ? ExitCode.DONE : ExitCode.DAMAGED).number();
  }
}
