package io.firn.cli;

import io.firn.Collection;
import io.firn.Row;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import java.util.Optional;

/**
 * Ids as a person types them. Digits are the long id if a row has it, otherwise the string of the
 * same look: the command line cannot tell 7 from "7".
 */
final class RowIds {

  private RowIds() {}

  static Optional<Row> find(Collection collection, String typed) {
    Optional<Row> row = isLong(typed) ? collection.get(Long.parseLong(typed)) : Optional.empty();
    return row.isPresent() ? row : collection.get(typed);
  }

  static Row require(Collection collection, String typed) {
    return find(collection, typed)
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.NOT_FOUND,
                "id must be of a row but \"%s\" is not: collection %s has none such. Check the id."
                    .formatted(typed, collection.name())));
  }

  static boolean delete(Collection collection, String typed) {
    return (isLong(typed) && collection.delete(Long.parseLong(typed))) || collection.delete(typed);
  }

  private static boolean isLong(String typed) {
    try {
      return Long.toString(Long.parseLong(typed)).equals(typed);
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
