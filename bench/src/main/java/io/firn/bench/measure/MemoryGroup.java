package io.firn.bench.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A control group that limits a process and the page cache it fills, so that data can be larger
 * than memory on any machine. Version 1 or 2, whichever is mounted; needs the right to create a
 * group.
 */
final class MemoryGroup {

  private static final Path V1 = Path.of("/sys/fs/cgroup/memory");
  private static final Path V2 = Path.of("/sys/fs/cgroup");

  private MemoryGroup() {}

  /** The start of a command line whose rest then runs under the limit. */
  static List<String> entering(long limitBytes) throws IOException {
    boolean first = Files.isDirectory(V1);
    Path group = (first ? V1 : V2).resolve("firn-bench-" + ProcessHandle.current().pid());
    try {
      Files.createDirectories(group);
      Path limit = group.resolve(first ? "memory.limit_in_bytes" : "memory.max");
      Files.writeString(limit, Long.toString(limitBytes));
    } catch (IOException e) {
      throw new IOException(
          "memory limit must be set in %s but that is refused (%s): only root, or the owner of a delegated group, may. Run as root, or without a limit."
              .formatted(group, e.getMessage()),
          e);
    }
    return List.of(
        "sh", "-c", "echo $$ > " + group.resolve("cgroup.procs") + " && exec \"$@\"", "sh");
  }

  /** Removes the group once its processes have ended; leaving it behind would be harmless. */
  static void remove() throws IOException {
    for (Path root : List.of(V1, V2)) {
      Files.deleteIfExists(root.resolve("firn-bench-" + ProcessHandle.current().pid()));
    }
  }
}
