package io.firn.bench.kernels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Kernel times over fresh JVMs: a kernel that C2 compiles well only sometimes shows here. */
public final class FreshStarts {

  private FreshStarts() {}

  /** Prints how the time of each hot kernel is distributed over {@code starts} fresh JVMs. */
  public static void print(int starts) {
    Map<String, List<Double>> times = new LinkedHashMap<>();
    for (int i = 0; i < starts; i++) {
      for (String line : run()) {
        int space = line.lastIndexOf(' ');
        times
            .computeIfAbsent(line.substring(0, space), _ -> new ArrayList<>())
            .add(Double.parseDouble(line.substring(space + 1)));
      }
    }
    System.out.println(
        "| kernel, ns over %d starts | fastest | 1st quarter | median | 3rd quarter | slowest |\n|---|---|---|---|---|---|"
            .formatted(starts));
    times.forEach((kernel, nanos) -> System.out.println(line(kernel, nanos)));
  }

  private static String line(String kernel, List<Double> nanos) {
    Collections.sort(nanos);
    var line = new StringBuilder("| ").append(kernel).append(" |");
    for (int quarter = 0; quarter <= 4; quarter++) {
      double time = nanos.get(Math.min(nanos.size() - 1, nanos.size() * quarter / 4));
      line.append(String.format(Locale.ROOT, " %.1f |", time));
    }
    return line.toString();
  }

  private static List<String> run() {
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            StartProbe.class.getName());
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
        return reader.lines().toList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
