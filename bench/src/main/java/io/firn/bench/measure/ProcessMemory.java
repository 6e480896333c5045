package io.firn.bench.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Memory and processor time of this process as Linux counts them, from {@code /proc/self/status}.
 */
final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** Bytes resident now, after the heap has been collected and shrunk. */
  static long residentBytes() throws IOException, InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc(); // the heap gives back what is free only after a full collection
      Thread.sleep(50);
    }
    return field("VmRSS");
  }

  /** The most bytes that were ever resident. */
  static long peakBytes() throws IOException {
    return field("VmHWM");
  }

  /** Bytes of live objects, if the heap was just collected. */
  static long heapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Processor time of this process so far. */
  static double cpuSeconds() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private static long field(String name) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException(STATUS + " has no " + name + ": memory is measured on Linux only.");
  }
}
