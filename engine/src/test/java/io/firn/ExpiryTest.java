package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {

  private static final float[] VECTOR = {1, 2};

  @TempDir Path directory;

  private static void awaitCount(Collection rows, long count) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(600);
    while (rows.count() != count && Instant.now().isBefore(end)) {
      Thread.sleep(20);
    }
    assertThat(rows.count()).isEqualTo(count);
  }

  @Test
  void rowGoesWhenItsTimeHasCome() throws InterruptedException {
    try (Database db = Firn.inMemory()) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      rows.upsert(Row.of("stays", VECTOR));
      rows.upsert(Row.of("later", VECTOR).expiringAt(Instant.now().plus(Duration.ofDays(1))));
      rows.upsert(Row.of("rewritten", VECTOR).expiringAt(Instant.now()));
      rows.upsert(Row.of("rewritten", VECTOR));
      rows.upsert(Row.of("goes", VECTOR).expiringAt(Instant.now().plusMillis(300)));
      rows.updateMetadata("goes", Metadata.of("updated", true));
      awaitCount(rows, 3);
      assertThat(rows.get("goes")).isEmpty();
      assertThat(rows.get("rewritten")).isPresent();
      assertThat(rows.search(VECTOR).run())
          .extracting(Hit::id)
          .containsExactly("stays", "later", "rewritten");
    }
  }

  @Test
  void rowThatExpiredWhileClosedGoesAfterTheNextOpen() throws InterruptedException {
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path)) {
      Collection rows = db.collection("rows", CollectionSpec.of(2, Metric.EUCLIDEAN));
      rows.upsert(Row.of("stays", VECTOR));
      rows.upsert(Row.of("goes", VECTOR).expiringAt(Instant.now().plusMillis(1_500)));
    }
    Thread.sleep(1_500);
    try (Database db = Firn.open(path)) {
      Collection rows = db.collection("rows");
      awaitCount(rows, 1);
      assertThat(rows.get("goes")).isEmpty();
      assertThat(db.verify().problems()).isEmpty();
    }
  }
}
