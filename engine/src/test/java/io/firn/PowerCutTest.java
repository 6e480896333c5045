package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power fails under processes that write: their file system, of its own in a loop device, is
 * shut down without flushing anything. After it is mounted again everything acknowledged must be
 * there. Needs root, {@code mkfs} and {@code xfs_io}; says so where they are missing.
 */
class PowerCutTest {

  private static final int CUTS = // of each file system
      Integer.getInteger("firn.test.cuts", TestLength.ALL ? 3 * TestLength.CYCLES : 2);
  private static final int CUTS_PER_IMAGE = 10;
  private static final int OPERATIONS = 150;
  private static final long SEED = Long.getLong("firn.test.seed", 1);
  private static final long IMAGE_BYTES = 400L << 20;

  @TempDir Path directory;

  private final Random random = new Random(SEED);
  private int acknowledged;

  @ParameterizedTest
  @ValueSource(strings = {"ext4", "xfs"})
  void powerCutsLoseNothing(String kind) throws Exception {
    int cuts = 0;
    for (long seed = SEED; cuts < CUTS; seed++) {
      Path mount = format(kind);
      try {
        var crashed = new CrashedWorkload(new Workload(seed, Durability.FULL), seed);
        for (int cut = 0; cut < CUTS_PER_IMAGE && cuts < CUTS; cut++, cuts++) {
          crashed.requireAll(crashed.launchAndEnd(mount, OPERATIONS, child -> cut(child, mount)));
          remount(mount);
          if (random.nextInt(4) > 0) { // else the next recovery finds two cuts
            crashed.check(mount, "%s, seed %d, cut %d".formatted(kind, seed, cut));
          }
        }
        crashed.check(mount, "%s, seed %d, last".formatted(kind, seed));
        acknowledged += crashed.acknowledged();
        System.out.println(kind + ": " + crashed.report());
      } finally {
        run("umount", mount.toString());
      }
    }
    assertThat(acknowledged).isPositive();
  }

  /** Else the tests above might cut nothing. */
  @Test
  @EnabledIfSystemProperty(named = "firn.test.cycles", matches = "[5-9]\\d|\\d{3,}")
  void aWriterThatDoesNotForceIsCaught() throws Exception {
    Path mount = format("ext4");
    boolean caught = false;
    try {
      var crashed = new CrashedWorkload(new Workload(SEED, Durability.FULL), SEED);
      for (int cut = 0; cut < 30 && !caught; cut++) {
        crashed.requireAll(
            crashed.launchAndEnd(mount, OPERATIONS, child -> cut(child, mount), Workload.CARELESS));
        remount(mount);
        try {
          crashed.check(mount, "careless, cut " + cut);
        } catch (AssertionError | FirnException.Corrupt e) {
          System.out.println("cut " + cut + " of a careless writer: " + e.getMessage());
          caught = true;
        }
      }
    } finally {
      run("umount", mount.toString());
    }
    assertThat(caught).isTrue();
  }

  private static void cut(ChildProcess child, Path mount) throws Exception {
    assertThat(run("xfs_io", "-x", "-c", "shutdown", mount.toString())).isZero();
    child.kill();
  }

  private Path format(String kind) throws Exception {
    Path image = directory.resolve(kind + ".img");
    Path mount = Files.createDirectories(directory.resolve(kind));
    Files.deleteIfExists(image);
    Files.createFile(image);
    boolean made =
        run("truncate", "-s", "" + IMAGE_BYTES, image.toString()) == 0
            && run("mkfs." + kind, "-q", image.toString()) == 0
            && run("mount", "-o", "loop", image.toString(), mount.toString()) == 0;
    boolean possible = made && run("xfs_io", "-x", "-c", "stat", mount.toString()) == 0;
    if (!possible) {
      run("umount", mount.toString());
      System.err.println(
          "NOT TESTED: power cuts on " + kind + ", which need root, mkfs." + kind + " and xfs_io");
    }
    assumeThat(possible).as("a file system of its own").isTrue();
    return mount;
  }

  private void remount(Path mount) throws Exception {
    Path image = directory.resolve(mount.getFileName() + ".img");
    assertThat(run("umount", mount.toString())).isZero();
    assertThat(run("mount", "-o", "loop", image.toString(), mount.toString())).isZero();
  }

  private static int run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(List.of(command))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException absent) {
      return -1;
    }
  }
}
