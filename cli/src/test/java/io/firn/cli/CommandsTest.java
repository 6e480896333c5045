package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Each command, on a database that another command made. */
class CommandsTest {

  private static final String ROWS =
      """
      {"id": "east", "vector": [1, 0], "name": "East", "level": 9007199254740993, "ratio": 0.5}
      {"id": 7, "vector": [0, 1], "hot": true, "tags": ["a", "b"], "nothing": null}

      {"id": "7", "vector": [-1, 0]}
      """;

  @TempDir Path folder;
  private Path database = Path.of("");

  @BeforeEach
  void importRows() throws IOException {
    database = folder.resolve("db");
    Path file = Files.writeString(folder.resolve("compass.jsonl"), ROWS);
    Run run = Run.of("import", "-d", database, "--metric", "euclidean", "--json", file);
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.json().get("collection").asString()).isEqualTo("compass");
    assertThat(run.json().get("imported").asInt()).isEqualTo(3);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void searchLikeARowFindsItselfThenItsNeighbours() {
    Run run =
        Run.of("search", "-d", database, "--like", "east", "--json", "--with-vector", "-k", 2);

    JsonNode hits = run.json().get("hits");
    assertThat(hits.size()).isEqualTo(2);
    assertThat(hits.get(0).get("id").asString()).isEqualTo("east");
    assertThat(hits.get(0).get("distance").asDouble()).isZero();
    assertThat(hits.get(0).get("vector").toString()).isEqualTo("[1.0,0.0]");
    assertThat(hits.get(1).get("id").isIntegralNumber()).isTrue();
    assertThat(hits.get(1).get("distance").asDouble()).isBetween(1.4142, 1.4143);
  }

  @Test
  void searchWithAVectorFileReadsTheRowAskedFor() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(2).putFloat(9).putFloat(9).putInt(2).putFloat(-0.9f).putFloat(0);
    Path file = Files.write(folder.resolve("q.fvecs"), bytes.array());

    Run run = Run.of("search", "-d", database, "--vector", file, "--row", 1, "--exact", "-k", 1);

    assertThat(run.out()).isEqualTo("  0.1000  7%n".formatted());
  }

  @Test
  void getShowsMetadataInItsTypesAndOrder() {
    Run run = Run.of("get", "-d", database, "east", "--json");

    assertThat(run.out().strip())
        .isEqualTo(
            "{\"rows\":[{\"id\":\"east\",\"metadata\":{\"name\":\"East\",\"level\":9007199254740993,\"ratio\":0.5}}]}");
  }

  @Test
  void digitsAreALongFirstAndAStringIfThereIsNoSuchLong() {
    assertThat(Run.of("get", "-d", database, "7", "--json").out()).contains("\"hot\":true");

    assertThat(Run.of("delete", "-d", database, "7").out()).startsWith("1 deleted");
    assertThat(Run.of("get", "-d", database, "7", "--json").out()).contains("\"id\":\"7\"");
    assertThat(Run.of("delete", "-d", database, "7").exit()).isZero();
    assertThat(Run.of("delete", "-d", database, "7").exit()).isEqualTo(4);
  }

  @Test
  void statsCountsRowsAndNamesTheKernel() {
    Run run = Run.of("stats", "-d", database, "--json");

    JsonNode collection = run.json().get("collections").get("compass");
    assertThat(collection.get("dimension").asInt()).isEqualTo(2);
    assertThat(collection.get("metric").asString()).isEqualTo("EUCLIDEAN");
    assertThat(collection.get("rows").asInt()).isEqualTo(3);
    assertThat(run.json().get("kernel").asString()).isNotBlank();
    assertThat(Run.of("stats", "-d", database).out()).contains("3 alive, 0 dead");
  }

  @Test
  void optimizeSealsAllRowsAndVerifyFindsNothing() {
    assertThat(Run.of("optimize", "-d", database, "--json").json().get("segments").asInt()).isOne();
    assertThat(Run.of("stats", "-d", database).out()).contains("3 rows sealed");

    Run run = Run.of("verify", "-d", database, "--json");
    assertThat(run.exit()).isZero();
    assertThat(run.json().get("ok").asBoolean()).isTrue();
    assertThat(run.json().get("rows").asInt()).isEqualTo(3);
  }

  @Test
  void backupIsRestoredElsewhere() {
    Path backup = folder.resolve("backup");
    assertThat(Run.of("backup", "-d", database, backup, "--json").json().get("bytes").asInt())
        .isPositive();
    assertThat(Run.of("backup", "-d", database, backup).exit()).as("replaces nothing").isNotZero();
    Path restored = folder.resolve("restored");
    Run restore = Run.of("restore", backup, "-d", restored, "--json");
    assertThat(restore.exit()).as(restore.err()).isZero();
    assertThat(restore.json().get("rows").asInt()).isEqualTo(3);
    assertThat(Run.of("stats", "-d", restored).out()).contains("3 alive, 0 dead");
  }

  @Test
  void salvageOfAWholeDatabaseLosesNothing() {
    Path saved = folder.resolve("saved");
    Run run = Run.of("salvage", "-d", database, saved, "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.json().get("rows").asInt()).isEqualTo(3);
    assertThat(Run.of("get", "-d", saved, "east", "--json").out()).contains("9007199254740993");
  }

  @Test
  void oldBackupsGo() throws IOException {
    Path backups = folder.resolve("backups");
    for (int i = 0; i < 3; i++) {
      assertThat(Run.of("backup", "-d", database, backups, "--keep", 2).exit()).isZero();
    }
    try (Stream<Path> kept = Files.list(backups)) {
      assertThat(kept).hasSize(2);
    }
    assertThat(Run.of("backup", "-d", database, backups, "--keep", 0).exit()).isEqualTo(3);
  }

  @Test
  void importAgainReplacesRowsById() throws IOException {
    Path file =
        Files.writeString(folder.resolve("x.jsonl"), "{\"id\": \"east\", \"vector\": [3, 0]}");

    Run run = Run.of("import", "-d", database, "--json", file);

    assertThat(run.json().get("collection").asString()).as("the only one").isEqualTo("compass");
    assertThat(run.json().get("rows").asInt()).isEqualTo(3);
    assertThat(Run.of("get", "-d", database, "east", "--with-vector").out()).contains("[3.0, 0.0]");
  }

  @Test
  void importOfAVectorFileNumbersItsRows() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 24).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(3).putInt(2);
    for (int i = 0; i < 6; i++) {
      bytes.putFloat(i + 1);
    }
    Path file = Files.write(folder.resolve("my set.fbin"), bytes.array());
    Path other = folder.resolve("other");

    Run run = Run.of("import", "-d", other, "--first-id", 100, "--batch", 2, "--optimize", file);

    assertThat(run.out()).startsWith("my-set: 3 rows").contains("now 3");
    assertThat(Run.of("get", "-d", other, "102", "--with-vector").out()).contains("[5.0, 6.0]");
  }

  @Test
  void createMakesACollectionAndChecksOneThatIsThere() {
    assertThat(Run.of("create", "-d", database, "texts").out()).startsWith("texts: 384 dimensions");
    assertThat(Run.of("create", "-d", database, "texts").exit()).isZero();

    Run run = Run.of("create", "-d", database, "texts", "--dimension", 3);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("384").contains("3");
  }

  @Test
  void severalCollectionsMustBeToldApart() {
    Run.of("create", "-d", database, "second", "--dimension", 2);

    Run run = Run.of("search", "-d", database, "--like", "east");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("compass, second").contains("--collection");
    assertThat(Run.of("search", "-d", database, "-c", "second", "--exact", "--vector", "x").exit())
        .isNotZero();
  }

  @Test
  void optionsOfAllCommandsStandBeforeOrAfterTheCommand() {
    assertThat(Run.of("--json", "stats", "-d", database).out()).startsWith("{");
    assertThat(Run.of("stats", "--json", "-d", database).out()).startsWith("{");
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command :
        new String[] {
          "demo",
          "create",
          "import",
          "search",
          "get",
          "delete",
          "stats",
          "plan",
          "optimize",
          "verify",
          "backup",
          "restore",
          "salvage",
          "doctor"
        }) {
      Run run = Run.of(command, "--help");
      assertThat(run.exit()).as(command).isZero();
      assertThat(run.out()).contains("Usage: firn " + command).contains("Exit codes:");
    }
  }
}
