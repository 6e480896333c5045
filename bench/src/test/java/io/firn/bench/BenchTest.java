package io.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.bench.measure.Row;
import io.firn.bench.measure.RowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line from end to end, child processes included. */
class BenchTest {

  @TempDir Path folder;

  @Test
  void annMeasuresAnEngineInItsOwnProcessesAndKeepsTheRows() throws IOException {
    int exit =
        Main.run(
            "ann",
            "random-2k-16",
            "--engines",
            "hnswlib-java",
            "--recalls",
            "0.5,0.9",
            "--heap-mib",
            "256",
            "--delete",
            "0.02",
            "--out",
            folder.toString());

    assertThat(exit).isZero();
    List<Row> rows = RowFile.read(folder.resolve("ann.jsonl"), Row.class);
    assertThat(rows).filteredOn(row -> row.knob() != null).isNotEmpty();
    assertThat(rows).extracting(Row::atRecall).contains(0.5, 0.9);
    assertThat(rows)
        .allSatisfy(row -> {
          assertThat(row.dataset()).isEqualTo("random-2k-16 (synthetic)");
          assertThat(row.version()).isEqualTo("1.2.1");
          assertThat(row.deletedShare()).isEqualTo(0.02);
          assertThat(row.recall()).isBetween(0.5, 1.0);
          assertThat(row.qps()).isPositive();
          assertThat(row.p50Micros()).isPositive().isLessThanOrEqualTo(row.p999Micros());
          assertThat(row.buildSeconds()).isPositive();
          assertThat(row.bytesPerVector().disk()).isGreaterThan(16 * Float.BYTES);
          assertThat(row.openMillis()).isPositive();
        });
    assertThat(RowFile.runs(folder.resolve("ann.jsonl"), Row.class).getFirst().machine().engines())
        .containsEntry("hnswlib-java", "1.2.1");
  }

  @Test
  void aKeptIndexIsSearchedAgainAndNotBuiltAgain() throws IOException {
    String[] command = {
      "ann",
      "random-2k-16",
      "--engines",
      "hnswlib-java",
      "--queries",
      "50",
      "--recalls",
      "0.5",
      "--keep",
      folder.resolve("kept").toString(),
      "--out",
      folder.resolve("twice").toString()
    };
    for (int i = 0; i < 2; i++) {
      assertThat(Main.run(command)).isZero();
    }
    List<Row> rows = RowFile.read(folder.resolve("twice/ann.jsonl"), Row.class);
    assertThat(rows.size()).isEven();
    assertThat(rows.getFirst().buildSeconds()).isPositive();
    assertThat(rows).extracting(Row::buildSeconds).containsOnly(rows.getFirst().buildSeconds());
    assertThat(folder.resolve("kept/random-2k-16__synthetic_/hnswlib-java.json")).exists();
    assertThat(Main.run("ann", "random-2k-16", "--keep", "x", "--delete", "0.1")).isEqualTo(2);
  }

  @Test
  void wrongUsageEndsWithTwo() {
    assertThat(Main.run("ann", "no-such-set")).isEqualTo(2);
    assertThat(Main.run("ann", "random-1k-8", "--engines", "no-such-engine")).isEqualTo(2);
    assertThat(Main.run("ann", "random-1k-8", "--k", "0")).isEqualTo(2);
    assertThat(Main.run("ann")).isEqualTo(2);
    assertThat(Main.run("ann", "random-1k-8", "--metric", "dot")).isEqualTo(2);
    assertThat(Main.run("ann", "random-1k-8", "--external", "x", "--delete", "0.1")).isEqualTo(2);
    assertThat(Main.run("ann", "--base", "a.hdf5", "--query", "b.npy")).isEqualTo(2);
    assertThat(Main.run("open", "random-1k-8", "--rounds", "2")).isEqualTo(2);
    assertThat(Main.run("filter", "random-1k-8", "--share", "1.5")).isEqualTo(2);
    assertThat(Main.run("memory", "--rows", "999")).isEqualTo(2);
    assertThat(Main.run("memory", "--limits-mib", "63")).isEqualTo(2);
    assertThat(Main.run("memory", "--knob", "0")).isEqualTo(2);
    assertThat(Main.run("memory", "--seconds", "0")).isEqualTo(2);
    assertThat(Main.run("report", folder.resolve("none").toString())).isEqualTo(1);
  }
}
