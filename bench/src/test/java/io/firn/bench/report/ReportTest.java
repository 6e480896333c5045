package io.firn.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firn.bench.measure.Machine;
import io.firn.bench.measure.Row;
import io.firn.bench.measure.RowFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

  private static final List<Double> RECALLS = List.of(0.9, 0.95, 0.99);

  @TempDir Path folder;

  @Test
  void isOnePageThatNeedsNoOtherFile() throws IOException {
    writeRows();

    Report.write(folder, RECALLS, "./measure.sh");

    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page).contains("<h2>glove-100</h2>", "12,345", "./measure.sh");
    assertThat(page).contains("not reached; best 0.9600");
    assertThat(page).doesNotContain("src=\"recall").doesNotContain("http");
    assertThat(page.split("data:image/png;base64,")).hasSizeGreaterThan(5);
  }

  @Test
  void drawsPicturesOfFullSize() throws IOException {
    writeRows();

    for (Path file : Report.write(folder, RECALLS, "")) {
      if (file.toString().endsWith(".png")) {
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).as(file.toString()).isEqualTo(Palette.WIDTH);
      }
    }
    assertThat(folder.resolve("recall-qps-glove-100.png")).exists();
    assertThat(folder.resolve("latency-glove-100.png")).exists();
    assertThat(folder.resolve("scaling.png")).exists();
  }

  @Test
  void showsTheLastRunOfAnEngine() throws IOException {
    writeRows();
    append(rows("firn", "glove-100", 1_000, 77_777, 0.999));

    Report.write(folder, RECALLS, "");

    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page).contains("77,777").doesNotContain("12,345");
  }

  @Test
  void showsTheLastOfTwoRunsInARowAndNothingOfTheBetterOne() throws IOException {
    append(rows("firn", "glove-100", 1_000, 12_345, 0.999));
    append(rows("firn", "glove-100", 1_000, 7_777, 0.96));

    Report.write(folder, RECALLS, "");

    String page = Files.readString(folder.resolve("index.html"));
    assertThat(page).contains("7,777", "not reached; best 0.9600").doesNotContain("12,345");
  }

  @Test
  void otherShapesOfAQuestionHaveTablesOfTheirOwn() throws IOException {
    append(rows("firn", "glove-100", 1_000, 12_345, 0.999));
    append(List.of(row("firn", "glove-100", 1_000, 100, null, 0.9, 5_555, 1, 20, 2)));

    Report.write(folder, RECALLS, "");

    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("<h2>glove-100</h2>", "<h2>glove-100, k = 20, 2 threads</h2>");
    assertThat(folder.resolve("recall-qps-glove-100-k-20-2-threads.png")).exists();
  }

  @Test
  void saysSoIfMachinesDiffer() throws IOException {
    append(rows("firn", "glove-100", 1_000, 12_345, 0.999));
    Report.write(folder, RECALLS, "");
    assertThat(Files.readString(folder.resolve("index.html"))).doesNotContain("do not compare");

    append("faster cpu", rows("lucene-bbq", "glove-100", 1_000, 2_345, 0.96));
    Report.write(folder, RECALLS, "");

    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("different machines and do not compare: cpu, 2 cores", "; faster cpu, 2 cores");
  }

  @Test
  void saysSoIfOthersUsedTheMachine() throws IOException {
    append(rows("firn", "glove-100", 1_000, 12_345, 0.999));
    Report.write(folder, RECALLS, "");
    assertThat(Files.readString(folder.resolve("index.html"))).doesNotContain("Other work");

    append(rows("lucene-bbq", "glove-100", 1_000, 2_345, 0.96, 0.25));
    append(rows("hnswlib-java", "glove-100", 1_000, 2_345, 0.96, 0.25));
    Report.write(folder, RECALLS, "");

    assertThat(Files.readString(folder.resolve("index.html")))
        .contains("Other work used this machine", "for 25 % of its time");
  }

  @Test
  void refusesAFolderWithoutRows() throws IOException {
    Files.createFile(folder.resolve("ann.jsonl"));

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Report.write(folder, RECALLS, ""))
        .withMessageContaining("there is nothing to report");
  }

  private void writeRows() throws IOException {
    append(rows("firn", "glove-100", 1_000, 12_345, 0.999));
    append(rows("lucene-bbq", "glove-100", 1_000, 2_345, 0.96));
    append(rows("firn", "random-1k-8 (synthetic)", 1_000, 5_000, 0.999));
    append(rows("firn", "random-10k-8 (synthetic)", 10_000, 4_000, 0.999));
  }

  private void append(List<Row> rows) throws IOException {
    append("cpu", rows);
  }

  private void append(String cpu, List<Row> rows) throws IOException {
    Machine machine =
        new Machine(
            "2026-11-20T00:00:00Z", "abc1234", cpu, 2, 16, "Linux", "25", List.of(), Map.of());
    RowFile.append(folder.resolve("ann.jsonl"), machine, rows);
  }

  private static List<Row> rows(
      String engine, String set, int count, double qps, double bestRecall) {
    return rows(engine, set, count, qps, bestRecall, 1);
  }

  private static List<Row> rows(
      String engine, String set, int count, double qps, double bestRecall, double share) {
    List<Row> rows = new ArrayList<>();
    rows.add(row(engine, set, count, 10, null, 0.85, qps * 2, share));
    rows.add(row(engine, set, count, 100, null, bestRecall, qps / 2, share));
    for (double recall : RECALLS) {
      if (recall <= bestRecall) {
        rows.add(row(engine, set, count, null, recall, recall, qps, share));
      }
    }
    return rows;
  }

  private static Row row(
      String engine,
      String set,
      int count,
      @Nullable Integer knob,
      @Nullable Double atRecall,
      double recall,
      double qps,
      double share) {
    return row(engine, set, count, knob, atRecall, recall, qps, share, 10, 1);
  }

  private static Row row(
      String engine,
      String set,
      int count,
      @Nullable Integer knob,
      @Nullable Double atRecall,
      double recall,
      double qps,
      double share,
      int k,
      int threads) {
    return new Row(
        engine,
        "1",
        Map.of("m", "16"),
        set,
        "cosine",
        count,
        100,
        k,
        threads,
        null,
        knob,
        atRecall,
        recall,
        qps,
        0.03,
        1e6 / qps,
        2e6 / qps,
        3e6 / qps,
        share * 1e6 / qps,
        12.5,
        20,
        2,
        1L << 30,
        new Row.BytesPerVector(600, 700),
        40,
        0);
  }
}
