package io.firn;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DurableDatabaseTest extends DatabaseContract {

  @TempDir Path directory;

  @Override
  Database open() {
    return Firn.open(directory.resolve("db"));
  }
}
