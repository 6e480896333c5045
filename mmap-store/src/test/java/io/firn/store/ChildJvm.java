package io.firn.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own, for what could kill this one or needs a second process. */
final class ChildJvm implements AutoCloseable {

  /** What a finished child left. */
  record Result(int exitCode, String output, String errors) {}

  private final Process process;
  private final Path errorFile;
  private final BufferedReader output;

  private ChildJvm(Process process, Path errorFile) {
    this.process = process;
    this.errorFile = errorFile;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Starts {@code main} with the tests' class path; {@code options} go to the JVM. */
  static ChildJvm start(List<String> options, Class<?> main, Object... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    Path errors = Files.createTempFile("child", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    return new ChildJvm(process, errors);
  }

  /** Runs {@code main} to its end. */
  static Result run(List<String> options, Class<?> main, Object... arguments)
      throws IOException, InterruptedException {
    try (ChildJvm child = start(options, main, arguments)) {
      return child.await();
    }
  }

  /** The next line of its output, or null at the end. */
  String readLine() throws IOException {
    return output.readLine();
  }

  long pid() {
    return process.pid();
  }

  /** Ends it by SIGKILL and waits for that. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  Result await() throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      text.append(line).append('\n');
    }
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IOException("the child did not end");
    }
    return new Result(process.exitValue(), text.toString(), Files.readString(errorFile));
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    Files.deleteIfExists(errorFile);
  }
}
