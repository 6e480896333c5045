package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A full disk is a typed exception, never a crash: reads go on, close works, and with space again
 * every acknowledged row is there. Needs the right to mount; says so where it is missing.
 */
class DiskFullTest {

  @TempDir Path directory;

  /** In the default run those that differ most; {@code -Pcrash} runs all. */
  static List<String> scenes() {
    List<String> slice = List.of("write", "optimize", "open", "merge", "index", "backup");
    List<String> others = List.of("bulk", "close", "create", "restore", "salvage");
    return TestLength.ALL ? Stream.concat(slice.stream(), others.stream()).toList() : slice;
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @MethodSource("scenes")
  void fullDiskIsRefusedAndSurvived(String scene) throws Exception {
    Path mount = Files.createDirectory(directory.resolve("small"));
    int mounted = run("mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", mount.toString());
    if (mounted != 0) {
      System.err.println("NOT TESTED: full disks, because this user may not mount a tmpfs");
    }
    assumeThat(mounted).as("result of mounting a tmpfs, which needs root").isZero();
    try {
      ChildProcess.Result result = ChildProcess.run(DiskFullScenes.class, mount, scene);
      assertThat(result.exitCode()).as(result.errors()).isZero();
      assertThat(result.lines()).as(result.errors()).containsExactly("done");
    } finally {
      run("umount", mount.toString());
    }
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
