package io.firn.bench.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where and with what a result was measured.
 *
 * @param commit of the repository that the running classes lie in, "-dirty" if changed, or
 *     "unknown"
 * @param flags of the measuring processes
 * @param engines versions by engine
 */
public record Machine(
    String time,
    String commit,
    String cpu,
    int cores,
    double memoryGib,
    String kernel,
    String jdk,
    List<String> flags,
    Map<String, String> engines) {

  /** This machine, now. */
  public static Machine here(List<String> flags, Map<String, String> engines) throws IOException {
    return new Machine(
        Instant.now().toString(),
        headCommit(),
        firstField("/proc/cpuinfo", "model name") + ", " + simd(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(memoryBytes() / (double) (1 << 30) * 10) / 10.0,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor.version") + " " + Runtime.version(),
        flags,
        new TreeMap<>(engines));
  }

  private static String headCommit() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty")
              .directory(classes().toFile())
              .start();
      try (BufferedReader out = git.inputReader()) {
        String line = out.readLine();
        return line == null ? "unknown" : line;
      }
    } catch (IOException e) { // no git on this machine
      return "unknown";
    }
  }

  /** The folder of this class, or of the jar it is in; not where somebody stood when calling it. */
  private static Path classes() {
    CodeSource source = Machine.class.getProtectionDomain().getCodeSource();
    Path place = source == null ? Path.of("") : Path.of(source.getLocation().getPath());
    Path folder = Files.isDirectory(place) ? place : place.getParent();
    return folder == null ? Path.of("") : folder;
  }

  private static long memoryBytes() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  private static String simd() throws IOException {
    String flags = firstField("/proc/cpuinfo", "flags");
    return flags.contains("avx512") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "no AVX2";
  }

  private static String firstField(String file, String name) throws IOException {
    Path path = Path.of(file);
    if (Files.isReadable(path)) {
      for (String line : Files.readAllLines(path)) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return System.getProperty("os.arch");
  }
}
