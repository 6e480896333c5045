package io.firn.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.FirnException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  @Test
  void failuresThatNeedAnotherVersionOrDiskHaveTheirExitCodes() {
    assertThat(ExitCode.of(new FirnException.Unsupported("newer", null)).number()).isEqualTo(8);
    assertThat(ExitCode.of(new FirnException.Storage("full", null)).number()).isEqualTo(7);
    assertThat(ExitCode.of(new java.io.IOException("full")).number()).isEqualTo(7);
    assertThat(ExitCode.of(new IllegalStateException("odd")).number()).isEqualTo(1);
    assertThat(ExitCode.of(new OutOfMemoryError()).number()).isEqualTo(1);
  }

  @Test
  void tableColumnsAreAsWideAsTheirWidestCell() {
    var table = new TextTable().row("a", "bbb", "c").row("aaaa", "b").row("", "b", 1);

    assertThat(table.lines()).containsExactly("  a     bbb  c", "  aaaa  b", "        b    1");
  }

  @Test
  void sizesHaveTheUnitThatFits() {
    assertThat(Sizes.text(0)).isEqualTo("0 B");
    assertThat(Sizes.text(1023)).isEqualTo("1023 B");
    assertThat(Sizes.text(1536)).isEqualTo("1.5 KiB");
    assertThat(Sizes.text(3L << 40)).isEqualTo("3.0 TiB");
    assertThat(Sizes.text(Long.MAX_VALUE)).isEqualTo("8388608.0 TiB");
  }

  @Test
  void plainProgressSaysRateAndRemainingTime() {
    var err = new StringWriter();
    try (var progress = new PlainProgress(new PrintWriter(err), "importing", "rows", 3_000)) {
      assertThat(progress.line(1_000, 4))
          .isEqualTo("importing: 1,000 of 3,000 rows, 250/s, 8 s left");
      assertThat(progress.line(0, 4)).isEqualTo("importing: 0 of 3,000 rows");
      progress.at(1_000);
    }
    assertThat(err.toString()).as("nothing before ten seconds are over").isEmpty();
  }

  @Test
  void progressOnATerminalIsABarWithRateAndRemainingTime() {
    var terminal = new ByteArrayOutputStream();
    var none = new PrintWriter(new StringWriter());
    var console = new Console(none, none, new PrintStream(terminal, true));

    try (ProgressLine progress = console.progress("importing", "rows", 3_000)) {
      progress.at(3_000);
    }

    assertThat(terminal.toString(java.nio.charset.StandardCharsets.UTF_8))
        .contains("importing 100% [=")
        .contains("3000/3000 rows (0:00:00 / 0:00:00)")
        .contains("rows/s");
  }

  @Test
  void jsonObjectsKeepTheirOrderAndSilenceTheLinesForPersons() {
    var out = new StringWriter();
    var console = new Console(new PrintWriter(out), new PrintWriter(out), null);
    console.setJson(true);

    console.say("for a person");
    console.answer("z", 1, "a", Console.object("list", new float[] {0.1f}), "n", null);

    assertThat(out.toString().strip()).isEqualTo("{\"z\":1,\"a\":{\"list\":[0.1]},\"n\":null}");
  }
}
