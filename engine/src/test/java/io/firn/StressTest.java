package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the interleavings of {@code PublicationStress} under jcstress, in a process of its own. */
class StressTest {

  @TempDir Path directory;

  @Test
  void noInterleavingIsForbidden() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main",
                "-t",
                "io.firn.search.PublicationStress",
                "-r",
                directory.toString(),
                "--jvmArgs",
                "--enable-native-access=ALL-UNNAMED",
                "-m",
                "quick"));
    if (!TestLength.ALL) { // one way of compiling each actor in place of all
      command.addAll(List.of("-sc", "false", "-iters", "1", "-time", "150"));
    }
    var builder = new ProcessBuilder(command);
    Process process = builder.directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains(" 0 failed, 0 soft errs, 0 hard errs")
        .contains("  Error tests: No");
  }
}
