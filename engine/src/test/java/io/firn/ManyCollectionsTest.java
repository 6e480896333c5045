package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collection is cheap: it has no thread and no file of its own until it is large. */
class ManyCollectionsTest {

  private static final CollectionSpec SPEC = CollectionSpec.of(8, Metric.EUCLIDEAN);

  @TempDir Path directory;

  @Test
  void tenThousandCollectionsInMemoryTakeNoThreads() {
    try (Database db = Firn.inMemory()) {
      int threads = Thread.activeCount();
      write(db, 10_000);
      assertThat(Thread.activeCount() - threads).isLessThan(10);
      assertThat(db.collections()).hasSize(10_000);
      checkSome(db, 10_000);
    }
  }

  @Test
  void hundredsOfCollectionsOnDiskTakeNoFiles() throws java.io.IOException {
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path)) {
      long files = ProcessResources.openFiles();
      write(db, 300);
      db.flush();
      assertThat(ProcessResources.openFiles() - files).isLessThan(20);
    }
    try (Database db = Firn.open(path)) {
      checkSome(db, 300);
    }
  }

  private static void write(Database db, int collections) {
    var random = new Random(3);
    for (int i = 0; i < collections; i++) {
      db.collection("c" + i, SPEC);
    }
    db.write(tx -> {
      for (int i = 0; i < collections; i++) {
        for (int id = 0; id < 3; id++) {
          tx.upsert(db.collection("c" + i), id, TestVectors.random(random, 8));
        }
      }
    });
  }

  private static void checkSome(Database db, int collections) {
    var random = new Random(4);
    for (int i = 0; i < 100; i++) {
      Collection collection = db.collection("c" + random.nextInt(collections));
      Row row = collection.get(1L).orElseThrow();
      assertThat(collection.search(row.vector()).k(5).run()).hasSize(3);
      assertThat(collection.search(row.vector()).run().getFirst().longId()).isEqualTo(1);
    }
  }
}
