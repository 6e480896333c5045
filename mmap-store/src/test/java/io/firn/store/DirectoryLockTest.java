package io.firn.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir Path temp;

  /** A process that opens the directory, says how that went, and holds it until it is killed. */
  static final class Opener {
    public static void main(String[] arguments) throws Exception {
      try (DatabaseDirectory directory =
          DatabaseDirectory.open(Path.of(arguments[0]), true, Io.system())) {
        System.out.println("open " + directory.databaseId());
        Thread.sleep(Duration.ofMinutes(20));
      } catch (StoreLockedException e) {
        System.out.println("locked by " + requireNonNull(e.holder()).pid());
      }
    }
  }

  private DatabaseDirectory open() throws IOException {
    return DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
  }

  @Test
  void refusesASecondOpenerInTheSameProcessAndNamesIt() throws IOException {
    try (DatabaseDirectory first = open()) {
      assertThatExceptionOfType(StoreLockedException.class)
          .isThrownBy(this::open)
          .withMessageStartingWith(first.path() + " must have one opener but is held by process")
          .withMessageContaining("held by process " + ProcessHandle.current().pid())
          .satisfies(e -> {
            LockHolder holder = requireNonNull(e.holder());
            assertThat(holder.host()).isEqualTo(Posix.hostName());
            assertThat(holder.since()).isBetween(Instant.now().minusSeconds(60), Instant.now());
          });
    }
    open().close();
  }

  @Test
  void refusesASecondProcessAndNamesThisOne() throws Exception {
    try (DatabaseDirectory first = open()) {
      ChildJvm.Result child = ChildJvm.run(List.of(), Opener.class, first.path());

      assertThat(child.output())
          .isEqualTo("locked by %d\n".formatted(ProcessHandle.current().pid()));
    }
  }

  @Test
  void isReleasedByKill() throws Exception {
    try (ChildJvm child = ChildJvm.start(List.of(), Opener.class, temp.resolve("db"))) {
      assertThat(child.readLine()).startsWith("open ");
      assertThatExceptionOfType(StoreLockedException.class)
          .isThrownBy(this::open)
          .matches(e -> requireNonNull(e.holder()).pid() == child.pid());

      child.kill();

      open().close();
    }
  }

  @Test
  void outlivesOtherOpeningsOfItsFile() throws Exception {
    try (DatabaseDirectory first = open()) {
      Path file = first.path().resolve("LOCK");
      Files.readAllBytes(file); // what would drop a POSIX record lock
      FileChannel.open(file, StandardOpenOption.WRITE).close();

      ChildJvm.Result child = ChildJvm.run(List.of(), Opener.class, first.path());

      assertThat(child.output()).startsWith("locked by ");
    }
  }

  @Test
  void isRefusedWhileTheHolderHasNotWrittenItsName() throws IOException {
    try (DatabaseDirectory first = open()) {
      Files.write(first.path().resolve("LOCK"), new byte[0]);

      assertThatExceptionOfType(StoreLockedException.class)
          .isThrownBy(this::open)
          .withMessageContaining("an unknown process");
    }
  }

  @Test
  void hasOneWinnerAmongThreadsThatCreateAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < 10; round++) {
        Path path = temp.resolve("race" + round);
        Callable<DatabaseDirectory> open = () -> DatabaseDirectory.open(path, true, Io.system());
        List<DatabaseDirectory> winners = new ArrayList<>();
        for (Future<DatabaseDirectory> opener :
            threads.invokeAll(java.util.Collections.nCopies(8, open))) {
          if (opener.state() == Future.State.SUCCESS) {
            winners.add(opener.resultNow());
          } else {
            assertThat(opener.exceptionNow()).isInstanceOf(IOException.class);
          }
        }
        assertThat(winners).hasSize(1);
        winners.getFirst().close();
        DatabaseDirectory.open(path, false, Io.system()).close();
      }
    }
    try (var files = Files.list(temp)) {
      assertThat(files.filter(file -> file.toString().contains(".tmp-"))).isEmpty();
    }
  }

  @Test
  void hasAWayWithoutFlock() throws IOException {
    Path file = temp.resolve("LOCK");
    Files.createFile(file);
    try (var lock = SystemIo.recordLock(file)) {
      assertThat(lock).isNotNull();
      assertThat(SystemIo.recordLock(file)).isNull();
    }
    try (var lock = SystemIo.recordLock(file)) {
      assertThat(lock).isNotNull();
    }
  }
}
