package io.firn.bench.measure;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs one piece of work in a JVM of its own, so that no engine inherits another's heap, compiled
 * code or threads. Equal flags for all.
 *
 * @param heapMib largest heap
 * @param processors that it is shown, or null for all
 * @param memoryLimitBytes of the whole process by a control group, or null for none
 */
public record ChildJvm(int heapMib, @Nullable Integer processors, @Nullable Long memoryLimitBytes) {

  /** What a child ends with when its engine answered wrongly. */
  public static final int WRONG_ANSWER = 3;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A process with all processors and no limit but its heap's. */
  public static ChildJvm of(int heapMib) {
    return new ChildJvm(heapMib, null, null);
  }

  /** The same with so many processors: engines that take what they find take no more. */
  ChildJvm withProcessors(int count) {
    boolean all = count == Runtime.getRuntime().availableProcessors();
    return new ChildJvm(heapMib, all ? null : Integer.valueOf(count), memoryLimitBytes);
  }

  /** The same within a limit. */
  ChildJvm within(long limitBytes) {
    return new ChildJvm(heapMib, processors, limitBytes);
  }

  /** Flags of every child. The heap shrinks when collected, so that resident means needed. */
  public List<String> flags() {
    return List.of(
        "-Xmx" + heapMib + "m",
        "-XX:+UseG1GC",
        "-XX:MinHeapFreeRatio=10",
        "-XX:MaxHeapFreeRatio=20",
        "-XX:+UseTransparentHugePages",
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djvector.experimental.enable_native_vectorization=true",
        "-Djvector.physical_core_count=" + Runtime.getRuntime().availableProcessors());
  }

  /** Builds in a child. */
  public BuildResult build(ChildTask task, Path work) throws IOException, InterruptedException {
    return run("child-build", task.engine(), task, BuildResult.class, work);
  }

  /** Searches in a child. */
  public SearchResult search(ChildTask task, Path work) throws IOException, InterruptedException {
    return run("child-search", task.engine(), task, SearchResult.class, work);
  }

  /** Asks queries as they come in a child. */
  MemoryResult serve(MemoryTask task, Path work) throws IOException, InterruptedException {
    return run("child-memory", task.index().engine(), task, MemoryResult.class, work);
  }

  /** Opens in a child. */
  OpenResult open(ChildTask task, Path work) throws IOException, InterruptedException {
    return run("child-open", task.engine(), task, OpenResult.class, work);
  }

  private <T> T run(String command, String engine, Object task, Class<T> result, Path work)
      throws IOException, InterruptedException {
    Path in = Files.createTempFile(work, "task", ".json");
    Path out = Files.createTempFile(work, "result", ".json");
    Path log = Files.createTempFile(work, "log", ".txt");
    JSON.writeValue(in, task);
    Process process =
        new ProcessBuilder(command(command, in, out))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int exit = process.waitFor();
      if (exit == WRONG_ANSWER) {
        throw new WrongAnswerException(engine + ": " + tail(log));
      }
      if (exit != 0) {
        throw new IOException(
            "%s of %s must end well but ended with %d:%n%s"
                .formatted(command, engine, exit, tail(log)));
      }
      return JSON.readValue(out, result);
    } finally {
      process.destroy();
      Files.deleteIfExists(in);
      Files.deleteIfExists(out);
      Files.deleteIfExists(log);
    }
  }

  private List<String> command(String command, Path in, Path out) throws IOException {
    List<String> line = new ArrayList<>();
    if (memoryLimitBytes != null) {
      line.addAll(MemoryGroup.entering(memoryLimitBytes));
    }
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(flags());
    if (processors != null) {
      line.add("-XX:ActiveProcessorCount=" + processors);
    }
    line.add("-cp");
    line.add(System.getProperty("java.class.path", "." + File.pathSeparator));
    line.addAll(List.of("io.firn.bench.Main", command, in.toString(), out.toString()));
    return line;
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
