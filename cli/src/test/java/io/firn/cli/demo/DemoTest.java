package io.firn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.cli.console.Console;
import io.firn.cli.console.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DemoTest {

  @TempDir Path folder;

  private String run(int rows, int kills, boolean json) throws Exception {
    var out = new StringWriter();
    var console = new Console(new PrintWriter(out), new PrintWriter(new StringWriter()), null);
    console.setJson(json);
    assertThat(new Demo(console, folder.resolve("demo")).run(rows, kills, 5))
        .as(out.toString())
        .isEqualTo(ExitCode.DONE);
    return out.toString();
  }

  @Test
  void buildsSearchesSurvivesKillsAndIsTakenUpAgain() throws Exception {
    JsonNode first = JsonMapper.shared().readTree(run(200, 2, true));
    assertThat(first.get("rows").asInt()).isEqualTo(200);
    assertThat(first.get("recallAt10").asDouble()).isGreaterThanOrEqualTo(0.95);
    assertThat(first.get("answers").size()).isGreaterThanOrEqualTo(5);
    assertThat(first.get("crash").get("kills").asInt()).isEqualTo(2);
    assertThat(first.get("crash").get("acknowledged").asLong()).isPositive();
    assertThat(first.get("crash").get("failure").isNull()).isTrue();

    String grown = run(300, 0, false);
    assertThat(grown).contains("unfinished, 200 rows there").contains("300 vectors of 384 floats");

    String again = run(300, 0, false);
    assertThat(again).contains("there from an earlier run").contains("recall@10", "kernel");
    assertThat(again.lines().filter(line -> line.contains("build time")).toList())
        .as("the time of the first runs, not of this one")
        .isEqualTo(grown.lines().filter(line -> line.contains("build time")).toList());
    try (var left = Files.list(folder)) {
      assertThat(left).as("the crash proof cleans up").containsExactly(folder.resolve("demo"));
    }
  }

  @Test
  void bundlesTwelveThousandDifferentDefinitionsWithTheirLicence() throws Exception {
    var definitions = Definition.bundled();
    assertThat(definitions).hasSizeGreaterThanOrEqualTo(12_000);
    assertThat(definitions.stream().map(Definition::id)).doesNotHaveDuplicates();
    assertThat(definitions.stream().map(Definition::text)).doesNotHaveDuplicates();
    assertThat(definitions.stream().map(Definition::text))
        .doesNotContainAnyElementsOf(Definition.heldOut());
    assertThat(definitions.stream().map(Definition::words))
        .anyMatch(words -> words.startsWith("seismograph"));
    try (var licence = Definition.class.getResourceAsStream("WORDNET-LICENSE.txt")) {
      assertThat(licence)
          .asString(java.nio.charset.StandardCharsets.UTF_8)
          .contains("Princeton University");
    }
  }

  @Test
  void lastWordsOfAKilledProcessAreItsWholeLines() {
    var words = KilledWriter.Words.of("writing 5\nacked 5\nwriting 17\nacked 1", 0, 9);

    assertThat(words.acked()).isEqualTo(5);
    assertThat(words.writing()).isEqualTo(17);
  }
}
