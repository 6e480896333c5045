package io.firn.cli;

import io.firn.Collection;
import io.firn.Database;
import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Deletes rows. */
@Command(
    name = "delete",
    header = "Delete rows by their ids.",
    description = "Ends with 4 if one of them was not there; the others are deleted all the same.")
final class DeleteCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final DatabaseOption database = new DatabaseOption();
  @Mixin private final CollectionOption collection = new CollectionOption();

  @Parameters(arity = "1..*", paramLabel = "ID", description = "Digits are tried as a long first.")
  private List<String> ids = List.of();

  DeleteCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var missing = new ArrayList<String>();
    try (Database open = database.open()) {
      Collection in = collection.in(open);
      for (String id : ids) {
        if (!RowIds.delete(in, id)) {
          missing.add(id);
        }
      }
    }
    int deleted = ids.size() - missing.size();
    console.say(
        "%d deleted%s"
            .formatted(
                deleted, missing.isEmpty() ? "" : ", not there: " + String.join(", ", missing)));
    console.answer("deleted", deleted, "missing", missing);
    return (missing.isEmpty() ? ExitCode.DONE : ExitCode.NOT_FOUND).number();
  }
}
