package io.firn.cli;

import io.firn.Collection;
import io.firn.Database;
import io.firn.Row;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows rows. */
@Command(name = "get", header = "Show rows by their ids.")
final class GetCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final CollectionOption collection = new CollectionOption();

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Digits are tried as a long first.")
  private List<String> ids = List.of();

  @Option(names = "--with-vector", description = "Show the vector too.")
  private boolean withVector;

  GetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var rows = new ArrayList<Object>();
    try (Database open = database.openToRead()) {
      Collection in = collection.in(open);
      for (String id : ids) {
        Row row = RowIds.require(in, id);
        rows.add(Shown.row(row, withVector));
        console.say(row.id());
        Shown.fields(row.metadata()).lines().forEach(line -> console.say(line));
        if (withVector) {
          console.say("  %s".formatted(Shown.vector(row.vector())));
        }
      }
    }
    console.answer("rows", rows);
    return ExitCode.DONE.number();
  }
}
