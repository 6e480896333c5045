package io.firn.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.firn.bench.data.DataFolder;
import io.firn.bench.data.DataSet;
import io.firn.bench.data.NamedSets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadRunTest {

  @TempDir Path folder;

  @Test
  void aStallIsSeenByAllOperationsItDelays() throws Exception {
    long stallNanos = 200_000_000;

    Histogram latencies =
        new OpenLoop(1_000, 1_000_000_000L, 1)
            .run(
                System.nanoTime(),
                n -> {
                  if (n == 500) {
                    long until = System.nanoTime() + stallNanos;
                    while (System.nanoTime() < until) {
                      LockSupport.parkNanos(until - System.nanoTime());
                    }
                  }
                });

    assertThat(latencies.getTotalCount()).isEqualTo(1_000);
    // One operation in a thousand is slow; a closed loop would have a p90 of microseconds.
    assertThat(latencies.getValueAtPercentile(90)).isGreaterThan(stallNanos / 4);
  }

  @Test
  void searchesAndUpsertsRunSideBySide() throws Exception {
    DataSet set = new NamedSets(new DataFolder(folder)).get("random-2k-8");

    LoadRow row = new LoadRun(200, 50, 2, 1, 64).run(set, "interval:50", folder.resolve("work"));

    assertThat(row.recall()).isGreaterThan(0.9);
    assertThat(row.search().perSecondDone()).isPositive().isLessThan(201);
    assertThat(row.upsert().p50Micros()).isPositive();
    assertThat(row.alone().p50Micros()).isPositive();
    assertThat(row.merging().p50Micros()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"firn", "lmdb", "lucene"})
  void ingestCountsWhatWasAcknowledged(String engine) throws Exception {
    DataSet set = new NamedSets(new DataFolder(folder)).get("random-2k-8");
    IngestRun run = new IngestRun(engine, set, folder.resolve("work"));

    IngestRow batches = run.batches(500, "full");
    IngestRow singles = run.singles(40, 8, "full");
    IngestRow bulk = run.bulk();

    assertThat(batches.rows()).isEqualTo(2_000);
    assertThat(batches.rowsPerSecond()).isPositive();
    assertThat(singles.rows()).isEqualTo(40);
    assertThat(bulk.rows()).isEqualTo(2_000);
  }

  @Test
  void refusesADurabilityFirnDoesNotHave() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirnFixture.durability("none"))
        .withMessageContaining("must be full or interval:<milliseconds> but is 'none'");
  }
}
