package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.Database;
import io.firn.Firn;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Every failure: its exit code, one line on stderr with value and remedy, no stack trace. */
class ExitCodeTest {

  @TempDir Path folder;
  private Path database = Path.of("");

  @BeforeEach
  void createDatabase() {
    database = folder.resolve("db");
    assertThat(Run.of("create", "-d", database, "rows", "--dimension", 2).exit()).isZero();
  }

  private static void assertFails(int exit, String said, Object... arguments) {
    Run run = Run.of(arguments);
    assertThat(run.exit())
        .as("%s said %s", String.join(" ", strings(arguments)), run)
        .isEqualTo(exit);
    assertThat(run.err()).contains(said).startsWith("firn: ").doesNotContain("\tat ");
    assertThat(run.err().strip().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  private static String[] strings(Object... arguments) {
    return java.util.Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
  }

  @Test
  void wrongCommandLinesAreTwo() {
    assertFails(2, "Try: firn --help", "frobnicate");
    assertFails(2, "Try: firn search --help", "search", "-d", database, "-k", "many", "text");
    assertFails(2, "Try: firn get --help", "get", "-d", database);
    assertFails(2, "mutually exclusive", "search", "-d", database, "text", "--like", "x");
    assertThat(Run.of().exit()).isEqualTo(2);
  }

  @Test
  void refusedInputIsThree() throws IOException {
    assertFails(3, "10001", "create", "-d", database, "x", "--dimension", 10_001);
    assertFails(3, "../x", "create", "-d", database, "../x");
    Path row = Files.writeString(folder.resolve("r.jsonl"), "{\"id\": 1, \"vector\": [1, 2]}");
    assertThat(Run.of("import", "-d", database, row).exit()).isZero();
    assertFails(3, "100000", "search", "-d", database, "-k", 0, "--like", 1);
    assertFails(3, "-2", "search", "-d", database, "--ef", -2, "--like", 1);
    assertFails(3, "--batch", "import", "-d", database, "--batch", 0, row);
    assertFails(3, "--rows", "demo", "-d", database, "--rows", 1);
  }

  @Test
  void anAbsentThingIsFour() {
    Path absent = folder.resolve("absent");
    assertFails(4, absent.toString(), "stats", "-d", absent);
    assertThat(absent).as("looking does not create").doesNotExist();
    assertFails(4, "\"x\"", "get", "-d", database, "x");
    assertFails(4, "others", "search", "-d", database, "-c", "others", "--like", "x");
    assertFails(4, "absent.npy", "import", "-d", database, folder.resolve("absent.npy"));
    assertFails(4, "absent.jsonl", "import", "-d", database, folder.resolve("absent.jsonl"));
  }

  @Test
  void anOpenDatabaseIsFive() {
    try (Database _ = Firn.open(database)) {
      assertFails(5, String.valueOf(ProcessHandle.current().pid()), "stats", "-d", database);
    }
  }

  @Test
  void damageIsSix() throws IOException {
    Files.write(database.resolve("FORMAT"), new byte[] {1, 2, 3});
    assertFails(6, "FORMAT", "stats", "-d", database);
  }

  @Test
  void damageThatVerifyFindsIsSixWithTheFindingAsAnswer() throws IOException {
    Path file = Files.writeString(folder.resolve("r.jsonl"), "{\"id\": 1, \"vector\": [1, 2]}");
    assertThat(Run.of("import", "-d", database, "--optimize", file).exit()).isZero();
    try (var paths = Files.walk(database);
        var segment =
            new RandomAccessFile(
                paths
                    .filter(path -> path.toString().endsWith(".vec"))
                    .findFirst()
                    .orElseThrow()
                    .toFile(),
                "rw")) {
      segment.seek(segment.length() / 2);
      int old = segment.read();
      segment.seek(segment.length() / 2);
      segment.write(~old);
    }

    Run run = Run.of("verify", "-d", database, "--json");

    assertThat(run.exit()).as(run.toString()).isEqualTo(6);
    assertThat(run.out() + run.err()).contains(".vec").doesNotContain("\tat ");
  }

  @Test
  void aFileSystemThatRefusesIsSeven() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(7, file.toString(), "create", "-d", file.resolve("db"), "x");
  }

  @Test
  void withJsonTheErrorIsAnObject() {
    Run run = Run.of("get", "-d", database, "x", "--json");

    var error = JsonMapper.shared().readTree(run.err()).get("error");
    assertThat(run.exit()).isEqualTo(4);
    assertThat(error.get("code").asString()).isEqualTo("NOT_FOUND");
    assertThat(error.get("message").asString()).contains("\"x\"");
  }

  @Test
  void withDebugTheStackTraceFollows() {
    assertThat(Run.of("get", "-d", database, "x", "--debug").err()).contains("\tat io.firn.cli");
  }
}
