package io.firn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs {@code ./firn} as a shell would. */
record LauncherScript(int exit, String out, String err) {

  /**
   * Ends when everybody has closed stderr, the script's filter too. Java's own pipe would not wait:
   * it ends with the process.
   */
  private static final String TO_THE_END =
      "{ bash \"$0\" \"$@\" 2>&1 >&3 | cat >&2; exit ${PIPESTATUS[0]}; } 3>&1";

  /**
   * Runs it to its end.
   *
   * @param environment set for the script; an empty value unsets
   */
  static LauncherScript run(Path folder, Map<String, String> environment, Object... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of("bash", "-c", TO_THE_END, script().toString()));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("FIRN_"));
    builder.environment().putAll(environment);
    builder.environment().values().removeIf(String::isEmpty);
    Process process = builder.start();
    process.getOutputStream().close();
    var err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
    String out = read(process.getInputStream());
    return new LauncherScript(process.waitFor(), out, err.join());
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path script() {
    Path module = Path.of("").toAbsolutePath();
    return module.resolveSibling("firn");
  }
}
