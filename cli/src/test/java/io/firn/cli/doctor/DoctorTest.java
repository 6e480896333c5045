package io.firn.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The doctor on machines that are none: folders with the files that a kernel would show. */
class DoctorTest {

  @TempDir Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  private Findings examine() throws IOException {
    return new Findings(
        new Doctor(new SystemFiles(root), root.resolve("database/to/be")).examine());
  }

  private record Findings(List<Finding> all) {
    Finding get(String name) {
      return all.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
    }
  }

  @Test
  void advisesOnAPoorMachine() throws IOException {
    file("sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]");
    file("proc/sys/vm/max_map_count", "1024");
    file("proc/meminfo", "MemTotal:       8388608 kB\nMemAvailable:    4194304 kB");
    file("proc/self/cgroup", "0::/app/one");
    file("sys/fs/cgroup/app/memory.max", "104857600");

    Findings findings = examine();

    assertThat(findings.get("huge pages").advice()).contains("madvise");
    assertThat(findings.get("max_map_count").advice()).contains("sysctl");
    assertThat(findings.get("memory").value())
        .isEqualTo("8.0 GiB, 4.0 GiB available, limited to 100.0 MiB by the cgroup");
    assertThat(findings.get("heap").advice()).as("a heap larger than the limit").contains("-Xmx");
    assertThat(findings.get("SIMD").value()).isNotBlank();
  }

  @Test
  void isContentWithAGoodMachine() throws IOException {
    file("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
    file("proc/sys/vm/max_map_count", "65530");
    file("proc/meminfo", "MemTotal:       838860800 kB\nMemAvailable:    4194304 kB");
    file("sys/fs/cgroup/memory.max", "max");

    Findings findings = examine();

    assertThat(findings.get("huge pages"))
        .isEqualTo(Finding.well("huge pages", "transparent: madvise"));
    assertThat(findings.get("max_map_count").advice()).isNull();
    assertThat(findings.get("memory").value()).endsWith("no cgroup limit");
    assertThat(findings.get("heap").advice()).isNull();
  }

  @Test
  void saysUnknownWhereTheKernelSaysNothing() throws IOException {
    Findings findings = examine();

    assertThat(findings.get("huge pages").value()).isEqualTo("unknown");
    assertThat(findings.get("max_map_count").value()).isEqualTo("unknown");
    assertThat(findings.get("read-ahead").value()).isEqualTo("unknown");
  }

  @Test
  void findsTheReadAheadOfAPartitionsDisk() throws IOException {
    long device = ((Number) Files.getAttribute(root, "unix:dev")).longValue();
    long major = (device >>> 8) & 0xfff;
    long minor = (device & 0xff) | ((device >>> 12) & ~0xffL);
    Path disk = Files.createDirectories(root.resolve("sys/devices/disk/part"));
    file("sys/devices/disk/queue/read_ahead_kb", "8192");
    Path blocks = Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(blocks.resolve(major + ":" + minor), disk);

    assertThat(examine().get("read-ahead").value()).startsWith("8,192 KiB, off");
  }

  @Test
  void measuresForceAndLeavesNothingBehind() throws IOException {
    Finding finding = new Doctor(root).examine().getLast();

    assertThat(finding.value()).matches("median [0-9.]+ ms, slowest of 40 [0-9.]+ ms");
    try (var left = Files.list(root)) {
      assertThat(left).isEmpty();
    }
  }
}
