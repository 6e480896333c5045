package io.firn.bench.measure;

import io.firn.bench.data.DataSet;
import io.firn.cli.format.IntListSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that measures an engine of any language by this protocol; the harness judges its
 * answers, so its recall is ours. It is called as
 *
 * <pre>
 * PROGRAM --base base.fvecs --query query.fvecs --metric cosine|dot|euclidean
 *         --k 10 --threads 1 --build-threads 2 --work DIR
 * </pre>
 *
 * and prints JSON lines: first {@code {"engine", "version", "config": {}, "buildSeconds",
 * "buildCpuSeconds", "buildPeakBytes", "diskBytes", "residentBytes", "openMillis"}}, then for each
 * setting of its knob, fast to thorough, {@code {"knob", "answers", "qps", "slowestQps",
 * "p50Micros", "p99Micros", "p999Micros", "cpuMicrosPerQuery"}}, where {@code answers} is an ivecs
 * file in DIR of k ids for each query.
 */
final class ExternalEngine {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path program;
  private final AnnPlan plan;

  ExternalEngine(Path program, AnnPlan plan) {
    this.program = program;
    this.plan = plan;
  }

  Measured run(DataSet set, Path folder) throws IOException, InterruptedException {
    Path base = FvecsCopy.of(set.base(), folder.resolve("base.fvecs"), Integer.MAX_VALUE);
    Path query = FvecsCopy.of(set.query(), folder.resolve("query.fvecs"), plan.search().queries());
    Process process =
        new ProcessBuilder(
                program.toAbsolutePath().toString(),
                "--base",
                base.toString(),
                "--query",
                query.toString(),
                "--metric",
                set.metric().word(),
                "--k",
                Integer.toString(plan.k()),
                "--threads",
                Integer.toString(plan.search().threads()),
                "--build-threads",
                Integer.toString(plan.buildThreads()),
                "--work",
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(parsed(line));
      }
    } catch (IOException e) {
      process.destroy();
      throw e;
    }
    int exit = process.waitFor();
    if (exit != 0 || lines.size() < 2) {
      throw new IOException(
          "%s must end with 0 and print a description and rows but ended with %d after %d lines. See its messages above."
              .formatted(program, exit, lines.size()));
    }
    return measured(set, folder, lines);
  }

  private Measured measured(DataSet set, Path folder, List<JsonNode> lines) throws IOException {
    JsonNode about = lines.getFirst();
    BuildResult build =
        new BuildResult(
            text(about, "version"),
            number(about, "buildSeconds"),
            number(about, "buildCpuSeconds"),
            plan.buildThreads(),
            (long) number(about, "buildPeakBytes"),
            (long) number(about, "diskBytes"));
    Measured measured = new Measured(text(about, "engine"), config(about), build);
    Answers answers =
        ChildWork.answers(set, plan.search().queries(), plan.search().deleteShare(), plan.k());
    List<SweepPoint> points = new ArrayList<>();
    for (JsonNode line : lines.subList(1, lines.size())) {
      double recall = recall(folder.resolve(text(line, "answers")), answers);
      points.add(
          new SweepPoint(
              (int) number(line, "knob"),
              recall,
              number(line, "qps"),
              number(line, "slowestQps"),
              number(line, "p50Micros"),
              number(line, "p99Micros"),
              number(line, "p999Micros"),
              number(line, "cpuMicrosPerQuery"),
              0));
    }
    measured.add(
        new SearchResult(
            number(about, "openMillis"), (long) number(about, "residentBytes"), points));
    return measured;
  }

  private static double recall(Path file, Answers answers) throws IOException {
    long hits = 0;
    try (IntListSource lists = IntListSource.open(file)) {
      int[] ids = new int[lists.width()];
      int query = 0;
      for (; query < answers.queryCount() && lists.next(ids); query++) {
        hits += answers.hits(query, ids, lists.width());
      }
      if (query != answers.queryCount()) {
        throw new IOException(
            "%s must hold answers to %d queries but holds %d: recall needs all. Correct the program."
                .formatted(file, answers.queryCount(), query));
      }
    }
    return (double) hits / ((long) answers.queryCount() * answers.k());
  }

  private static JsonNode parsed(String line) throws IOException {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new IOException(
          "output of an external engine must be JSON lines but has '%s': all else belongs on standard error. Correct the program."
              .formatted(line),
          e);
    }
  }

  private static Map<String, String> config(JsonNode about) {
    Map<String, String> config = new TreeMap<>();
    about.path("config").properties().forEach(e -> config.put(e.getKey(), e.getValue().asString()));
    return config;
  }

  private static double number(JsonNode line, String name) throws IOException {
    JsonNode value = line.get(name);
    if (value == null || !value.isNumber()) {
      throw missing(name, "a number", line);
    }
    return value.asDouble();
  }

  private static String text(JsonNode line, String name) throws IOException {
    JsonNode value = line.get(name);
    if (value == null || !value.isString()) {
      throw missing(name, "a text", line);
    }
    return value.asString();
  }

  private static IOException missing(String name, String rule, JsonNode line) {
    return new IOException(
        "%s of an external engine must be %s but its line is %s: a row is complete or none. Correct the program."
            .formatted(name, rule, line));
  }
}
