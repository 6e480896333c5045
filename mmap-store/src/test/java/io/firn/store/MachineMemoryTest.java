package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {

  private static final String MACHINE = "MemTotal:       24000000 kB\nMemFree: 1 kB\n";

  @TempDir Path temp;

  private void write(String file, String text) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(Objects.requireNonNull(path.getParent()));
    Files.writeString(path, text);
  }

  private long bytes() {
    return new MachineMemory(temp.resolve("proc"), temp.resolve("groups")).bytes();
  }

  @Test
  void isThePhysicalMemoryWithoutAGroupsLimit() throws IOException {
    write("proc/meminfo", MACHINE);
    write("proc/self/cgroup", "0::/user/session\n");
    write("groups/user/session/memory.max", "max\n");

    assertThat(bytes()).isEqualTo(24_000_000L * 1024);
  }

  @Test
  void isTheLeastLimitOfAllGroupsAround() throws IOException {
    write("proc/meminfo", MACHINE);
    write("proc/self/cgroup", "0::/user/session\n");
    write("groups/user/session/memory.max", "2000000000\n");
    write("groups/user/memory.max", "1500000000\n");
    write("groups/memory.max", "max\n");

    assertThat(bytes()).isEqualTo(1_500_000_000);
  }

  @Test
  void readsTheFirstVersionOfGroupsToo() throws IOException {
    write("proc/meminfo", MACHINE);
    write("proc/self/cgroup", "12:cpu,cpuacct:/a\n5:memory:/box\n0::/\n");
    write("groups/memory/box/memory.limit_in_bytes", "700000000\n");
    write("groups/memory/memory.limit_in_bytes", "9223372036854771712\n");

    assertThat(bytes()).isEqualTo(700_000_000);
  }

  @Test
  void isDerivedFromTheHeapWhereNothingIsKnown() {
    assertThat(bytes()).isEqualTo(Runtime.getRuntime().maxMemory() * 4);
  }

  @Test
  void isKnownOfThisMachine() {
    assertThat(MachineMemory.availableBytes()).isGreaterThan(64 << 20);
  }

  @Test
  void leavesRoomForTheHeapAndTheJvm() {
    long heap = Runtime.getRuntime().totalMemory();
    long jvm = 100 << 20;
    assertThat(MachineMemory.besideHeapBytes(heap + jvm - 1)).isZero();
    assertThat(MachineMemory.besideHeapBytes(1L << 50))
        .isBetween((1L << 50) - heap - jvm - (4L << 30), 1L << 50);
  }
}
