package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory has one owner at a time, and who is refused learns who it is. */
class LockTest {

  @TempDir Path directory;

  /** Opens and says so; holds the database until it is killed, or says why it could not. */
  static final class Opener {

    private Opener() {}

    public static void main(String[] arguments) throws Exception {
      try (Database db = Firn.open(Path.of(arguments[0]))) {
        System.out.println("open " + db.collections());
        Thread.sleep(1_200_000); // until it is killed
      } catch (FirnException e) {
        System.out.println(e.getClass().getSimpleName() + " " + e.getMessage());
      }
    }
  }

  @Test
  void secondOpenerInTheSameProcessLearnsThePid() {
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path)) {
      for (Path same : new Path[] {path, directory.resolve("./x/../db")}) {
        assertThatThrownBy(() -> Firn.open(same))
            .isInstanceOf(FirnException.Locked.class)
            .hasMessageContaining("" + ProcessHandle.current().pid());
      }
      db.collection("a", CollectionSpec.of(2, Metric.DOT)).upsert(1, new float[] {1, 2});
      assertThat(db.collection("a").count()).isEqualTo(1);
    }
    Firn.open(path).close();
  }

  @Test
  void openerInAnotherProcessLearnsThePid() throws Exception {
    Path path = directory.resolve("db");
    try (Database db = Firn.open(path)) {
      for (int attempt = 0; attempt < 2; attempt++) { // a refusal must not break the lock
        ChildProcess.Result refused = ChildProcess.run(Opener.class, path);
        assertThat(refused.lines()).singleElement().asString().startsWith("Locked ");
        assertThat(refused.lines().getFirst()).contains("" + ProcessHandle.current().pid());
      }
      assertThat(db.stats().writable()).isTrue();
    }
  }

  @Test
  void killedOwnerLeavesNoLockBehind() throws Exception {
    Path path = directory.resolve("db");
    try (ChildProcess child = ChildProcess.start(Opener.class, path)) {
      assertThat(child.readLine()).as(child.errors()).isEqualTo("open []");
      assertThatThrownBy(() -> Firn.open(path))
          .isInstanceOf(FirnException.Locked.class)
          .hasMessageContaining("" + child.pid());
      child.kill();
    }
    Firn.open(path).close();
  }
}
