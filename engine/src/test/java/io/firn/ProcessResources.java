package io.firn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What this process holds of the system's, on Linux. */
final class ProcessResources {

  private ProcessResources() {}

  /** Resident memory that is not the heap's. */
  static long nativeKib() throws IOException {
    long residentKib =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    return residentKib - (Runtime.getRuntime().totalMemory() >> 10);
  }

  static int openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return (int) files.count();
    }
  }

  static int mappings() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).size();
  }

  /** Mappings of files below a directory. */
  static List<String> mappingsOf(Path directory) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/maps")).stream()
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }
}
