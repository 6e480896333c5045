package io.firn;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class IntervalDatabaseTest extends DatabaseContract {

  @TempDir Path directory;

  @Override
  Database open() {
    return Firn.open(
        directory.resolve("db"),
        Options.DEFAULT.withDurability(Durability.interval(Duration.ofMillis(20))));
  }
}
