package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command line in a process of its own, started as a person starts it: not a word on stderr.
 */
class SilentStartTest {

  @TempDir Path folder;

  private LauncherScript run(Object... arguments) throws Exception {
    var environment =
        Map.of(
            "FIRN_JAVA_HOME", System.getProperty("java.home"),
            "FIRN_CLASS_PATH", System.getProperty("java.class.path"));
    return LauncherScript.run(folder, environment, arguments);
  }

  private String answer(Object... arguments) throws Exception {
    LauncherScript run = run(arguments);
    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    return run.out();
  }

  @Test
  void neitherJvmNorModelNorDatabaseWarns() throws Exception {
    Path file =
        Files.writeString(folder.resolve("a.jsonl"), "{\"id\": \"é\", \"text\": \"a dog\"}");

    assertThat(answer("--version")).contains("JDK 25");
    assertThat(answer("import", file)).contains("a: 1 rows");
    assertThat(answer("search", "puppy")).contains("é  a dog");
    assertThat(answer("stats", "--json"))
        .contains("\"laneBits\":")
        .doesNotContain("\"laneBits\":0");
    assertThat(answer("verify")).contains("all is well");
    assertThat(folder.resolve("firn-db")).as("the default is below the current directory").exists();
  }

  @Test
  void errorsStillReachStderr() throws Exception {
    LauncherScript run = run("get", "-d", folder.resolve("absent"), "x");

    assertThat(run.exit()).isEqualTo(4);
    assertThat(run.err()).startsWith("firn: ").contains("absent");
    assertThat(run.err().lines()).hasSize(1);
  }
}
