package io.firn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM of its own, for what may crash, must be killed, or needs a second process. */
final class ChildProcess implements AutoCloseable {

  private static final int LAST_SECONDS = 120;

  /** What a finished child left. */
  record Result(int exitCode, List<String> lines, String errors) {}

  private final Process process;
  private final Path errorFile;
  private final BufferedReader output;

  private ChildProcess(Process process, Path errorFile) {
    this.process = process;
    this.errorFile = errorFile;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts {@code main} with the class path of the tests. */
  static ChildProcess start(Class<?> main, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-ea");
    command.add("-Xmx512m");
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + System.getProperty("java.io.tmpdir") + "/hs_err_%p.log");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path errors = Files.createTempFile("child", ".err");
    return new ChildProcess(
        new ProcessBuilder(command).redirectError(errors.toFile()).start(), errors);
  }

  /** Runs {@code main} to its end. */
  static Result run(Class<?> main, Object... arguments) throws IOException, InterruptedException {
    try (ChildProcess child = start(main, arguments)) {
      return child.await();
    }
  }

  /** The next line of its output, or null at the end. */
  @Nullable String readLine() throws IOException {
    return output.readLine();
  }

  /** Adds its lines up to the end; a child whose output nobody reads comes to a stop. */
  void readTo(List<String> lines) {
    try {
      for (String line = readLine(); line != null; line = readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends it by SIGKILL and waits for that. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly(); // the process itself would close its output unread
    process.waitFor();
  }

  /** The rest of its output, once it has ended. */
  Result await() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    readTo(lines);
    if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("the child did not end");
    }
    return new Result(process.exitValue(), lines, errors());
  }

  /** What it has written to its standard error so far. */
  String errors() throws IOException {
    return Files.readString(errorFile);
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errorFile);
  }
}
