package io.firn;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The {@link QueryContract} on a disk and in memory. */
class QueryTest {

  @Nested
  class OnDisk extends QueryContract {

    @TempDir java.nio.file.Path directory;

    @Override
    Database open() {
      return Firn.open(directory.resolve("db"), Options.DEFAULT.withSealRows(1_000));
    }
  }

  @Nested
  class InMemory extends QueryContract {
    @Override
    Database open() {
      return Firn.inMemory();
    }
  }
}
