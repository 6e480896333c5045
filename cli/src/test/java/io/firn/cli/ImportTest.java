package io.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSONL that is not as it should be: the line is named, and why, and what to do. */
class ImportTest {

  private static final String GOOD = "{\"id\": 0, \"vector\": [1, 2]}";

  @TempDir Path folder;

  private Run runImport(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text);
    return Run.of("import", "-d", folder.resolve("db"), file);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": 1, \"vector\": [1, 2]          | valid JSON",
        "{\"id\": 1, \"vector\": [1, 2]} {}      | valid JSON",
        "{\"id\": 1, \"id\": 2, \"vector\": [1]} | valid JSON",
        "[1, 2]                                  | JSON object",
        "{\"vector\": [1, 2]}                    | \"id\" must be a string or an integer of 64 bits but is missing",
        "{\"id\": 1.5, \"vector\": [1, 2]}       | 1.5",
        "{\"id\": 9223372036854775808, \"vector\": [1, 2]} | 9223372036854775808",
        "{\"id\": \"\", \"vector\": [1, 2]}      | id",
        "{\"id\": 1}                             | neither",
        "{\"id\": 1, \"text\": \" \"}            | \"text\" must not be blank",
        "{\"id\": 1, \"text\": 5}                | neither",
        "{\"id\": 1, \"vector\": []}             | \"vector\" must be an array",
        "{\"id\": 1, \"vector\": \"1, 2\"}       | \"vector\" must be an array",
        "{\"id\": 1, \"vector\": [1, null]}      | null at index 1",
        "{\"id\": 1, \"vector\": [1, 1e39]}      | at index 1",
        "{\"id\": 1, \"vector\": [1, 2, 3]}      | dimension 2 but has 3",
        "{\"id\": 1, \"text\": \"a text\"}       | dimension 2 but has 384",
        "{\"id\": 1, \"vector\": [1, 2], \"a\": {}}  | \"a\" must be",
        "{\"id\": 1, \"vector\": [1, 2], \"a\": [1]} | \"a\" must be",
        "{\"id\": 1, \"vector\": [1, 2], \"a\": 9223372036854775808} | \"a\" must be",
      })
  void aBadLineIsNamed(String line, String said) throws IOException {
    Run run = runImport(GOOD + "\n\n" + line + "\n");

    assertThat(run.exit()).as(run.toString()).isEqualTo(3);
    assertThat(run.err()).contains("rows.jsonl, line 3: ").contains(said).doesNotContain("\tat ");
    assertThat(run.err().strip().lines()).hasSize(1);
  }

  @Test
  void rowsOfEarlierBatchesAreKeptAndCounted() throws IOException {
    String text = GOOD + "\n" + GOOD.replace("0", "1") + "\nx\n";
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text);

    Run kept = Run.of("import", "-d", folder.resolve("db"), "--batch", 1, file);

    assertThat(kept.exit()).isEqualTo(3);
    assertThat(kept.err()).contains("line 3").contains("1 rows before are stored");
    assertThat(Run.of("stats", "-d", folder.resolve("db")).out()).contains("1 alive");
  }

  @Test
  void aBulkImportStoresAllRowsOrNone() throws IOException {
    String again = "{\"id\": 0, \"vector\": [3, 4], \"word\": \"again\"}";
    String text = GOOD + "\n" + GOOD.replace("0", "1") + "\n" + again;
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text + "\nx\n");
    Path db = folder.resolve("db");

    Run refused = Run.of("import", "-d", db, "--bulk", file);

    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).contains("line 4").contains("Nothing is stored");
    assertThat(Run.of("stats", "-d", db).out()).contains("0 alive");

    Files.writeString(file, text);
    Run stored = Run.of("import", "-d", db, "--bulk", "--memory", 1, file);

    assertThat(stored.exit()).as(stored.toString()).isZero();
    assertThat(stored.out()).contains("3 rows").contains("now 2");
    assertThat(Run.of("get", "-d", db, 0).out()).contains("again");
    assertThat(Run.of("import", "-d", db, "--bulk", "--memory", 0, file).err())
        .contains("--memory must be 1 or more but is 0");
  }

  @Test
  void aZeroVectorUnderCosineIsNamedById() throws IOException {
    Run run = runImport("{\"id\": \"nil\", \"vector\": [0, 0]}");

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("\"nil\"").contains("COSINE");
  }

  @Test
  void anEmptyFileIsRefusedForANewCollectionAndNothingForAnOldOne() throws IOException {
    assertThat(runImport("\n").err()).contains("must hold a row but is empty");

    runImport(GOOD);
    assertThat(runImport("").out()).contains("0 rows");
  }

  @Test
  void anotherMetricThanTheCollectionsIsRefused() throws IOException {
    runImport(GOOD);
    Path file = folder.resolve("rows.jsonl");

    Run run = Run.of("import", "-d", folder.resolve("db"), "--metric", "DOT", file);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("COSINE").contains("DOT");
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    byte[] latin1 = "{\"id\": \"é\", \"vector\": [1, 2]}".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin.jsonl"), latin1);

    Run run = Run.of("import", "-d", folder.resolve("db"), file);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("latin.jsonl, line 1").contains("UTF-8");
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheFirstLine() throws IOException {
    assertThat(runImport("\uFEFF" + GOOD).exit()).isZero();
  }

  @Test
  void anUnknownExtensionNamesThoseThatAreKnown() throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), "1,2");

    Run run = Run.of("import", "-d", folder.resolve("db"), file);

    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).contains("jsonl").contains("fvecs").contains("'csv'");
  }

  @Test
  void aTruncatedVectorFileIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("cut.fvecs"), new byte[] {2, 0, 0, 0, 1, 1});

    assertThat(Run.of("import", "-d", folder.resolve("db"), file).exit()).isEqualTo(3);
    assertThat(folder.resolve("db")).as("nothing is made for it").doesNotExist();
  }
}
