package io.firn.cli;

import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import io.firn.cli.console.TextTable;
import io.firn.cli.doctor.Doctor;
import io.firn.cli.doctor.Finding;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at the machine. */
@Command(
    name = "doctor",
    header = "Look at JDK, SIMD, memory and disk, with advice.",
    description = "Writes and removes a small file in the database's directory, or above it.")
final class DoctorCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<Finding> findings = new Doctor(database.directory()).examine();
    var table = new TextTable();
    findings.forEach(f -> table.row(f.name(), f.value()));
    table.lines().forEach(line -> console.say(line));
    console.say("");
    List<Finding> advised = findings.stream().filter(f -> f.advice() != null).toList();
    advised.forEach(f -> console.say("  %s: %s".formatted(f.name(), f.advice())));
    if (advised.isEmpty()) {
      console.say("  Nothing to improve.");
    }
    console.answer("findings", findings);
    return ExitCode.DONE.number();
  }
}
