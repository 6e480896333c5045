package io.firn.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory this process may use: what the machine has, or less where a control group (v2 or
 * v1) or one around it says so. Stateless; any thread.
 */
public final class MachineMemory {

  private static final String MEMORY_TOTAL = "MemTotal:";
  private static final int KIBIBYTE = 1024;
  private static final int HEAP_SHARE = 4; // a JVM takes a quarter of the memory unless told

  /** Code, classes and collector of a JVM that searches: 60 to 90 MiB were seen. */
  private static final long JVM_BYTES = 100 << 20;

  private final Path processes;
  private final Path groups;

  /**
   * @param processes where the kernel shows processes, {@code /proc}
   * @param groups where it shows control groups, {@code /sys/fs/cgroup}
   */
  MachineMemory(Path processes, Path groups) {
    this.processes = processes;
    this.groups = groups;
  }

  /** Bytes that this process may use; where nothing says how many, four times the heap's limit. */
  public static long availableBytes() {
    return new MachineMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup")).bytes();
  }

  /**
   * Bytes that are left of what this process may use when its heap, as large as it is now, and the
   * JVM's own memory are taken away: the page cache of its files must do with them.
   *
   * @param availableBytes {@link #availableBytes}
   * @return at least 0
   */
  public static long besideHeapBytes(long availableBytes) {
    return Math.max(0, availableBytes - Runtime.getRuntime().totalMemory() - JVM_BYTES);
  }

  long bytes() {
    long bytes = Math.min(physicalBytes(), groupBytes());
    return bytes < Long.MAX_VALUE ? bytes : Runtime.getRuntime().maxMemory() * HEAP_SHARE;
  }

  private long physicalBytes() {
    for (String line : lines(processes.resolve("meminfo"))) {
      if (line.startsWith(MEMORY_TOTAL)) {
        long kibibytes = number(line.substring(MEMORY_TOTAL.length()).replace("kB", "").strip());
        return kibibytes < Long.MAX_VALUE / KIBIBYTE ? kibibytes * KIBIBYTE : Long.MAX_VALUE;
      }
    }
    return Long.MAX_VALUE;
  }

  private long groupBytes() {
    long least = Long.MAX_VALUE;
    for (String line : lines(processes.resolve("self/cgroup"))) { // id:controllers:path
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        least = Math.min(least, leastLimit(groups, parts[2], "memory.max"));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        Path memory = groups.resolve("memory");
        least = Math.min(least, leastLimit(memory, parts[2], "memory.limit_in_bytes"));
      }
    }
    return least;
  }

  /** Of a group and all around it: each of them binds. */
  private static long leastLimit(Path root, String group, String file) {
    long least = Long.MAX_VALUE;
    Path inside = root.resolve(group.replaceFirst("^/+", "")).normalize();
    for (Path at = inside; at != null && at.startsWith(root); at = at.getParent()) {
      List<String> lines = lines(at.resolve(file));
      least = lines.isEmpty() ? least : Math.min(least, number(lines.getFirst().strip()));
    }
    return least;
  }

  private static List<String> lines(Path file) {
    String text = text(file);
    return text == null ? List.of() : text.lines().toList();
  }

  private static @Nullable String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return null; // another system, or not for this user
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE; // "max"
    }
  }
}
