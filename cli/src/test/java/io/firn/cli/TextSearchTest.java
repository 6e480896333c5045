package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts in, nearest meaning out, through the command line. */
class TextSearchTest {

  private static final String TEXTS =
      """
      {"id": "quake", "text": "a measuring instrument for movements of the ground"}
      {"id": "bread", "text": "food made from flour and baked in an oven"}
      {"id": "dog", "text": "a domestic animal that barks", "legs": 4}
      """;

  @TempDir Path folder;

  @Test
  void findsByMeaningNotByWords() throws IOException {
    Path database = folder.resolve("db");
    Path file = Files.writeString(folder.resolve("texts.jsonl"), TEXTS);
    Run stored = Run.of("import", "-d", database, file);
    assertThat(stored.exit()).as(stored.err()).isZero();

    Run run = Run.of("search", "-d", database, "my puppy is loud", "-k", 1, "--json");

    assertThat(run.json().get("hits").get(0).get("id").asString()).isEqualTo("dog");
    assertThat(run.json().get("hits").get(0).get("metadata").toString())
        .isEqualTo("{\"text\":\"a domestic animal that barks\",\"legs\":4}");
    assertThat(Run.of("search", "-d", database, "earthquake", "-k", 1).out())
        .contains("quake  a measuring instrument");
  }

  @Test
  void aTextCannotBeComparedWithVectorsOfAnotherModel() {
    Path database = folder.resolve("db");
    Run.of("create", "-d", database, "other", "--dimension", 3);

    Run run = Run.of("search", "-d", database, "text");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("384").contains("has 3").contains("--vector");
    assertThat(Run.of("search", "-d", database, " ").err()).contains("must not be blank");
  }
}
