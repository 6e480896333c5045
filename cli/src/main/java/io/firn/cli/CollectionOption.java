package io.firn.cli;

import io.firn.Collection;
import io.firn.Database;
import io.firn.cli.console.CommandFailure;
import io.firn.cli.console.ExitCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which collection of a database. */
final class CollectionOption {

  @Option(
      names = {"-c", "--collection"},
      paramLabel = "NAME",
      description = "Collection (default: the only one).")
  private @Nullable String name;

  /** The one named, or the only one. */
  Collection in(Database database) {
    return database.collection(name == null ? only(database.collections()) : name);
  }

  /** The name given, or null. */
  @Nullable String name() {
    return name;
  }

  private static String only(List<String> names) {
    if (names.size() == 1) {
      return names.getFirst();
    }
    throw new CommandFailure(
        names.isEmpty() ? ExitCode.NOT_FOUND : ExitCode.USAGE,
        names.isEmpty()
            ? "database must hold a collection but is empty. Add one with create or import."
            : "collection must be named when there are several but is not: this database has %s. Add --collection NAME."
                .formatted(String.join(", ", names)));
  }
}
