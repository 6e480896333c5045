package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PlanTest {

  @TempDir Path folder;

  @Test
  void saysWhatStatsWillSay() throws Exception {
    var lines = new StringBuilder();
    for (int id = 0; id < 3_000; id++) {
      lines.append("{\"id\": %d, \"vector\": [%d, %d, 1]}%n".formatted(id, id % 57, id % 91));
    }
    Path file = Files.writeString(folder.resolve("rows.jsonl"), lines);
    Path db = folder.resolve("db");

    JsonNode plan = Run.of("plan", "--rows", 3_000, "--dimension", 3, "--json").json();
    assertThat(Run.of("import", "-d", db, "--bulk", file).exit()).isZero();
    JsonNode stats = Run.of("stats", "-d", db, "--json").json();

    JsonNode rows = stats.path("collections").path("rows");
    assertThat(plan.path("searchBytes").asLong()).isEqualTo(rows.path("diskBytes").asLong());
    assertThat(rows.path("bySegment")).hasSize(plan.path("segments").asInt());
    assertThat(rows.path("residentBytes").asLong()).isPositive();
    assertThat(stats.path("memoryBytes").asLong()).isEqualTo(plan.path("memoryBytes").asLong());
    assertThat(Run.of("stats", "-d", db).out()).contains("mapped").contains("memory budget");
  }

  @Test
  void printsATableAndRefusesWhatCannotBe() {
    Run run = Run.of("plan", "--rows", 4_000_000, "--dimension", 384, "--memory", 600);

    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("vectors").contains("600.0 MiB").contains("segment(s)");
    assertThat(run.out()).contains("COLD").contains("milliseconds");
    assertThat(Run.of("plan", "--rows", 1_000, "--dimension", 3).out()).contains("HOT");
    assertThat(Run.of("plan", "--rows", 0, "--dimension", 3).err()).contains("rows must be 1..");
    assertThat(Run.of("plan", "--rows", 1, "--dimension", 3, "--id-bytes", 0).err())
        .contains("--id-bytes must be 1..65535 but is 0");
    assertThat(Run.of("plan", "--rows", 1, "--dimension", 3, "--metadata-bytes", -1).err())
        .contains("--metadata-bytes");
    assertThat(Run.of("plan", "--rows", 1).exit()).isEqualTo(2);
  }
}
