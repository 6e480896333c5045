package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows works as it stands there. */
class ReadmeTest {

  private static final Path README = Path.of("").toAbsolutePath().resolveSibling("README.md");

  @TempDir Path folder;

  private static String example() throws IOException {
    String text = Files.readString(README);
    int start = text.indexOf("```java\n") + "```java\n".length();
    return text.substring(start, text.indexOf("```", start));
  }

  @Test
  void exampleCompilesAndRuns() throws Exception {
    Files.writeString(folder.resolve("Example.java"), example());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--class-path",
                System.getProperty("java.class.path"),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "Example.java")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();

    assertThat(process.waitFor()).as("%s", lines).isZero();
    assertThat(lines).filteredOn(line -> line.startsWith("emma ")).hasSize(1);
    assertThat(lines.getLast()).startsWith("dune ").contains("year=1965");
    assertThat(folder.resolve("library")).isDirectory();
  }

  @Test
  void exampleHasTwelveLines() throws IOException {
    assertThat(example().lines()).hasSizeLessThanOrEqualTo(12);
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    String text = Files.readString(README);
    java.util.regex.Pattern.compile("]\\(([^)]+)\\)")
        .matcher(text)
        .results()
        .map(match -> README.resolveSibling(match.group(1)))
        .forEach(path -> assertThat(path).exists());
  }
}
