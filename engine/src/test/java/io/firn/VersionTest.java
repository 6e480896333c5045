package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that happen only if nobody else was faster. */
class VersionTest {

  private static final CollectionSpec SPEC = CollectionSpec.of(2, Metric.EUCLIDEAN);
  private static final float[] VECTOR = {1, 2};

  @TempDir(factory = MemoryDisk.class)
  Path directory;

  private Database open(boolean inMemory) {
    return inMemory ? Firn.inMemory() : Firn.open(directory.resolve("db"));
  }

  private static long version(Collection rows) {
    return rows.getVersioned("a").map(VersionedRow::version).orElse(0L);
  }

  @ParameterizedTest(name = "in memory {0}")
  @ValueSource(booleans = {false, true})
  void everyWriteOfARowGivesItAVersionItNeverHad(boolean inMemory) {
    Set<Long> versions = new HashSet<>();
    try (Database db = open(inMemory)) {
      Collection rows = db.collection("rows", SPEC);
      assertThat(rows.getVersioned("a")).isEmpty();
      rows.upsert("a", VECTOR);
      assertThat(versions.add(version(rows))).isTrue();
      assertThat(version(rows)).isNotZero();
      rows.upsert("a", VECTOR); // the same again
      assertThat(versions.add(version(rows))).isTrue();
      rows.updateMetadata("a", Metadata.of("n", 1L));
      assertThat(versions.add(version(rows))).isTrue();
      rows.updateMetadata("a", Metadata.EMPTY);
      assertThat(versions.add(version(rows))).isTrue();
      db.write(tx -> { // twice in one commit
        tx.updateMetadata(rows, "a", Metadata.of("n", 2L));
        tx.updateMetadata(rows, "a", Metadata.of("n", 3L));
      });
      assertThat(versions.add(version(rows))).isTrue();
      rows.delete("a");
      rows.upsert("a", VECTOR);
      assertThat(versions.add(version(rows))).isTrue();
      rows.optimize();
      assertThat(versions.add(version(rows))).as("a rewrite is no write").isFalse();
    }
  }

  @ParameterizedTest(name = "in memory {0}")
  @ValueSource(booleans = {false, true})
  void writesOfAnotherVersionChangeNothing(boolean inMemory) {
    try (Database db = open(inMemory)) {
      Collection rows = db.collection("rows", SPEC);
      assertThat(rows.upsertIf(Row.of("a", VECTOR), 1)).as("there is none").isFalse();
      assertThat(rows.upsertIf(Row.of("a", VECTOR), 0)).isTrue();
      assertThat(rows.upsertIf(Row.of("a", VECTOR), 0)).as("there is one").isFalse();
      long first = version(rows);
      assertThat(rows.updateMetadata("a", Metadata.of("n", 1L))).isTrue();
      assertThat(rows.upsertIf(Row.of("a", new float[] {3, 4}), first)).isFalse();
      assertThat(rows.deleteIf("a", first)).isFalse();
      assertThat(rows.get("a")).contains(Row.of("a", VECTOR, Metadata.of("n", 1L)));
      assertThatThrownBy(() ->
              db.write(tx -> {
                tx.upsert(rows, "b", VECTOR);
                tx.ifVersion(rows, "a", first);
                tx.delete(rows, "a");
              }))
          .isInstanceOf(FirnException.Outdated.class)
          .hasMessageContaining("\"a\"");
      assertThat(rows.count()).isEqualTo(1);
      db.write(tx -> tx.ifVersion(rows, "a", version(rows)).upsert(rows, "b", VECTOR));
      assertThat(rows.deleteIf("a", version(rows))).isTrue();
      assertThat(rows.fetch(List.of("a", "b"))).containsExactly(Row.of("b", VECTOR));
    }
  }

  @ParameterizedTest(name = "in memory {0}")
  @ValueSource(booleans = {false, true})
  void noIncrementOfManyThreadsIsLost(boolean inMemory) throws InterruptedException {
    int threads = 8;
    int increments = 40;
    try (Database db = open(inMemory)) {
      Collection rows = db.collection("rows", SPEC);
      rows.upsert("a", VECTOR, Metadata.of("n", 0L));
      List<Thread> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        boolean byMetadata = i % 2 == 0;
        all.add(
            Thread.ofPlatform()
                .start(() -> {
                  for (int done = 0; done < increments; ) {
                    done += increment(db, rows, byMetadata) ? 1 : 0;
                  }
                }));
      }
      for (Thread thread : all) {
        thread.join();
      }
      assertThat(rows.get("a").orElseThrow().metadata().getLong("n"))
          .isEqualTo((long) threads * increments);
    }
  }

  private static boolean increment(Database db, Collection rows, boolean byMetadata) {
    VersionedRow seen = rows.getVersioned("a").orElseThrow();
    long n = Objects.requireNonNull(seen.row().metadata().getLong("n"));
    Metadata next = Metadata.of("n", n + 1);
    if (!byMetadata) {
      return rows.upsertIf(Row.of("a", VECTOR, next), seen.version());
    }
    try {
      db.write(tx -> tx.ifVersion(rows, "a", seen.version()).updateMetadata(rows, "a", next));
      return true;
    } catch (FirnException.Outdated faster) {
      return false;
    }
  }
}
