package io.firn.cli;

import io.firn.Database;
import io.firn.Firn;
import io.firn.Options;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which database. */
final class DatabaseOption {

  @Option(
      names = {"-d", "--database"},
      paramLabel = "DIR",
      description = "Directory of the database (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of("firn-db");

  /** Opens it, or creates it. */
  Database openOrCreate() {
    return openOrCreate(Options.DEFAULT);
  }

  /** Opens it, or creates it. */
  Database openOrCreate(Options options) {
    return Firn.open(directory, options);
  }

  /** Opens it if it is there. */
  Database open() {
    return Firn.open(directory, Options.DEFAULT.withCreateIfMissing(false));
  }

  /** Opens it for reading, also beside a process that writes to it. */
  Database openToRead() {
    return Firn.openReadOnly(directory);
  }

  Path directory() {
    return directory;
  }
}
