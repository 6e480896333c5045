package io.firn.cli;

import io.firn.Firn;
import io.firn.VerifyReport;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Brings a backup back. */
@Command(
    name = "restore",
    header = "Verify a backup and copy it to where it is to be used.",
    description = "Ends with 6, and restores nothing, if the backup is damaged.")
final class RestoreCommand implements Callable<Integer> {

  private final Console console;

  @Parameters(paramLabel = "BACKUP", description = "Directory that backup made.")
  private Path backup = Path.of("");

  @Mixin private final DatabaseOption database = new DatabaseOption();

  RestoreCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    VerifyReport report = Firn.restore(backup, database.directory());
    console.say(
        "%s: %,d rows and %d files verified and restored from %s"
            .formatted(database.directory(), report.rows(), report.files(), backup));
    console.answer(
        "database",
        database.directory().toString(),
        "backup",
        backup.toString(),
        "rows",
        report.rows(),
        "files",
        report.files());
    return ExitCode.DONE.number();
  }
}
