package io.firn.bench.load;

import io.firn.BulkLoad;
import io.firn.Collection;
import io.firn.CollectionSpec;
import io.firn.Database;
import io.firn.Durability;
import io.firn.Firn;
import io.firn.Metric;
import io.firn.Options;
import io.firn.bench.data.DataSet;
import io.firn.cli.format.VectorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/** A database of its own in a temporary folder, gone when closed. */
final class FirnFixture implements AutoCloseable {

  private final Path folder;
  private final Database db;
  private final Collection rows;

  private FirnFixture(Path folder, Database db, Collection rows) {
    this.folder = folder;
    this.db = db;
    this.rows = rows;
  }

  static FirnFixture empty(Path work, DataSet set, Durability durability) throws IOException {
    Path folder = Files.createTempDirectory(Files.createDirectories(work), "load");
    Database db = Firn.open(folder.resolve("db"), Options.DEFAULT.withDurability(durability));
    return new FirnFixture(folder, db, db.collection("bench", spec(set)));
  }

  /** The usual index for a set. */
  static CollectionSpec spec(DataSet set) {
    return CollectionSpec.of(set.dimension(), Metric.valueOf(set.metric().name()));
  }

  /** {@code full}, or {@code interval:50} with milliseconds. */
  static Durability durability(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.equals("full")) {
      return Durability.FULL;
    }
    if (lower.matches("interval:\\d{1,7}")) {
      return Durability.interval(
          Duration.ofMillis(Long.parseLong(lower.substring(lower.indexOf(':') + 1))));
    }
    throw new IllegalArgumentException(
        "durability must be full or interval:<milliseconds> but is '%s': Firn has no other. Choose one of the two."
            .formatted(name));
  }

  Collection rows() {
    return rows;
  }

  Database db() {
    return db;
  }

  /** Loads the whole base into so many segments of one size. */
  void load(DataSet set, int segments) throws IOException {
    try (VectorSource source = VectorSource.open(set.base())) {
      float[] row = new float[source.dimension()];
      long id = 0;
      for (int segment = 1; segment <= segments; segment++) {
        try (BulkLoad load = rows.bulk()) {
          for (; id < set.baseCount() * (long) segment / segments && source.next(row); id++) {
            load.add(id, row);
          }
          load.commit();
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    db.close();
    delete(folder);
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
