package io.firn.cli;

import io.firn.BackupReport;
import io.firn.Database;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.Sizes;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies a database. */
@Command(
    name = "backup",
    header = "Copy a database to another directory.",
    description = "The copy is a database like any other: there as a whole, or not at all.")
final class BackupCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  @Parameters(
      paramLabel = "TARGET",
      description = "Absent or an empty directory; with --keep the directory of all backups.")
  private Path target = Path.of("");

  @Option(
      names = "--keep",
      paramLabel = "N",
      description =
          "Make a backup named by the time in TARGET, and keep the newest N of this database there.")
  private @Nullable Integer keep;

  @Option(
      names = "--links",
      description =
          "Give segment files a second name in place of a copy: no space, but damage to one is damage to both.")
  private boolean links;

  BackupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BackupReport report;
    try (Database open = database.open()) {
      report = backup(open);
    }
    double seconds = report.nanos() / 1e9;
    console.say(
        "%s: %d segment files, %s copied, %.1f s"
            .formatted(report.path(), report.files(), Sizes.text(report.bytes()), seconds));
    console.answer(
        "target",
        report.path().toString(),
        "files",
        report.files(),
        "bytes",
        report.bytes(),
        "seconds",
        seconds);
    return ExitCode.DONE.number();
  }

  private BackupReport backup(Database open) {
    if (keep != null) {
      return open.backupInto(target, keep, links);
    }
    return links ? open.backupByLinks(target) : open.backup(target);
  }
}
