package io.firn.cli.doctor;

import io.firn.Database;
import io.firn.DatabaseStats;
import io.firn.Firn;
import io.firn.cli.console.Sizes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks at the machine: JDK, processor, memory, and the disk under a database. */
public final class Doctor {

  private static final long MAX_MAPS_WANTED = 65_530;

  private final SystemFiles system;
  private final Disk disk;

  /**
   * @param directory of a database; it need not exist yet
   */
  public Doctor(Path directory) {
    this(new SystemFiles(Path.of("/")), directory);
  }

  Doctor(SystemFiles system, Path directory) {
    this.system = system;
    this.disk = new Disk(system, existing(directory.toAbsolutePath()));
  }

  /** The nearest folder that exists: there the database would be made. */
  private static Path existing(Path directory) {
    Path at = directory;
    while (!Files.isDirectory(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /** Everything, in the order in which it is shown. Writes and removes a small file. */
  public List<Finding> examine() throws IOException {
    return List.of(
        jdk(),
        simd(),
        hugePages(),
        memory(),
        heap(),
        maps(),
        disk.fileSystem(),
        disk.space(),
        disk.readAhead(),
        disk.force());
  }

  private static Finding jdk() {
    String value =
        "%s, %s, %s %s"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    int feature = Runtime.version().feature();
    return feature == 25
        ? Finding.well("JDK", value)
        : new Finding(
            "JDK", value, "Firn is built and tested on 25; the Vector API may differ in another.");
  }

  private static Finding simd() {
    try (Database database = Firn.inMemory()) {
      DatabaseStats stats = database.stats();
      String value = stats.kernel();
      return stats.laneBits() > 0
          ? Finding.well("SIMD", value)
          : new Finding(
              "SIMD",
              value,
              "Distances are computed one float at a time. Start the JVM with --add-modules jdk.incubator.vector, as ./firn does.");
    }
  }

  private Finding hugePages() {
    Optional<String> mode = system.chosen("sys/kernel/mm/transparent_hugepage/enabled");
    String value = mode.map(chosen -> "transparent: " + chosen).orElse("unknown");
    return mode.filter("never"::equals).isPresent()
        ? new Finding(
            "huge pages",
            value,
            "A search that reads at random waits longer on 4 KiB pages. As root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled")
        : Finding.well("huge pages", value);
  }

  private Finding memory() {
    long physical = system.memoryBytes("MemTotal").orElse(0L);
    long available = system.memoryBytes("MemAvailable").orElse(0L);
    Optional<Long> limit =
        system.cgroupLimitBytes().filter(bytes -> physical == 0 || bytes < physical);
    String value =
        physical == 0
            ? "unknown"
            : "%s, %s available%s"
                .formatted(
                    Sizes.text(physical),
                    Sizes.text(available),
                    limit
                        .map(bytes -> ", limited to " + Sizes.text(bytes) + " by the cgroup")
                        .orElse(", no cgroup limit"));
    return Finding.well("memory", value);
  }

  private Finding heap() {
    long heap = Runtime.getRuntime().maxMemory();
    long memory =
        system.cgroupLimitBytes().or(() -> system.memoryBytes("MemTotal")).orElse(Long.MAX_VALUE);
    String value = "at most " + Sizes.text(heap);
    return heap > memory / 4 * 3
        ? new Finding(
            "heap",
            value,
            "Vectors and graphs live outside the heap. Leave them at least a quarter of the memory: set -Xmx lower.")
        : Finding.well("heap", value);
  }

  private Finding maps() {
    Optional<Long> most = system.number("proc/sys/vm/max_map_count");
    String value = most.map("%,d maps a process"::formatted).orElse("unknown");
    return most.filter(count -> count < MAX_MAPS_WANTED).isPresent()
        ? new Finding(
            "max_map_count",
            value,
            "Each segment file is a map. As root: sysctl -w vm.max_map_count=262144")
        : Finding.well("max_map_count", value);
  }
}
