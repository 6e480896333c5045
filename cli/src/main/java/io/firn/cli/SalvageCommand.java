package io.firn.cli;

import io.firn.Firn;
import io.firn.SalvageReport;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Saves what can be read of a damaged database. */
@Command(
    name = "salvage",
    header = "Write what can be read of a damaged database into a new one.",
    description =
        "Names what is lost, and ends with 6 if something is. The damaged one is only read.")
final class SalvageCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Parameters(paramLabel = "TARGET", description = "Absent or an empty directory.")
  private Path target = Path.of("");

  SalvageCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    SalvageReport report = Firn.salvage(database.directory(), target);
    report.lost().forEach(lost -> console.say("lost: " + lost));
    console.say(
        "%s: %,d rows saved, %d kinds of loss"
            .formatted(target, report.rows(), report.lost().size()));
    console.answer("target", target.toString(), "rows", report.rows(), "lost", report.lost());
    return (report.lost().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED).number();
  }
}
