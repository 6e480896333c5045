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
  void leavesRoomForTheWholeHeapAndTheJvm() {
    long mebibyte = 1 << 20;
    assertThat(MachineMemory.besideHeap(1_000 * mebibyte, 250 * mebibyte))
        .isEqualTo(650 * mebibyte);
    assertThat(MachineMemory.besideHeap(160 * mebibyte, 80 * mebibyte)).isZero();
    assertThat(MachineMemory.besideHeapBytes())
        .isBetween(0L, MachineMemory.availableBytes() - Runtime.getRuntime().maxMemory());
  }
}
