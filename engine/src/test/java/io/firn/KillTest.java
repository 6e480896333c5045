package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that write are killed at random moments, while they open and recover too; what they had
 * acknowledged must be there, and nothing by halves. This proves the order of writes and the
 * recovery, not durability: the page cache outlives a process.
 */
class KillTest {

  private static final int CYCLES = Integer.getInteger("firn.test.cycles", 5);
  private static final long SEED = Long.getLong("firn.test.seed", 1);
  private static final int INTERVAL_MILLIS = 50;

  /** Forcing takes its time here, so many are killed in the middle of a commit. */
  @TempDir Path disk;

  /** Here it takes none, so more is written, sealed and thrown away. */
  @TempDir(factory = MemoryDisk.class)
  Path memory;

  @Test
  void fullDurabilityKeepsWhatWasAcknowledged() throws Exception {
    var random = new Random(SEED);
    var crashed = new CrashedWorkload(new Workload(SEED, Durability.FULL), SEED);
    for (int cycle = 0; cycle < CYCLES || nothingSealed(crashed, cycle); cycle++) {
      do { // sometimes once more without a look in between: recovery after a killed recovery
        crashed.requireAll(launchAndKill(crashed, disk, 120));
      } while (random.nextInt(5) == 0);
      crashed.check(disk, "seed %d, cycle %d".formatted(SEED, cycle));
    }
    report(crashed);
    assertThat(crashed.sealedRows()).as("rows seen in segment files").isPositive();
  }

  @Test
  void intervalDurabilityLosesOnlyTheNewest() throws Exception {
    var interval = Durability.interval(Duration.ofMillis(INTERVAL_MILLIS));
    var crashed = new CrashedWorkload(new Workload(SEED + 1, interval), SEED + 1);
    for (int cycle = 0; cycle < (CYCLES + 2) / 3; cycle++) {
      CrashedWorkload.Ended killed = launchAndKill(crashed, memory, 400);
      crashed.requireAllButTheNewest(killed);
      crashed.requireSuffix(
          killed, crashed.check(memory, "seed %d, cycle %d".formatted(SEED, cycle)));
    }
    report(crashed);
  }

  /** True while no process lived long enough for what this is about, on a machine that is slow. */
  private static boolean nothingSealed(CrashedWorkload crashed, int cycle) {
    return crashed.sealedRows() == 0 && cycle < 20 * CYCLES;
  }

  private static CrashedWorkload.Ended launchAndKill(
      CrashedWorkload crashed, Path directory, int operations) throws Exception {
    CrashedWorkload.Ended killed = crashed.launchAndEnd(directory, operations, ChildProcess::kill);
    assertThat(killed.errors()).doesNotContain("Exception").doesNotContain("Error");
    return killed;
  }

  private static void report(CrashedWorkload crashed) {
    System.out.println(crashed.report());
    assertThat(crashed.acknowledged()).as("operations").isGreaterThan(5 * crashed.launches());
  }
}
