package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that uses the store needs on its command line, and what it leaves behind. */
class NativeAccessTest {

  @TempDir Path temp;

  /** Uses everything native once. */
  static final class User {
    public static void main(String[] arguments) throws Exception {
      try (DatabaseDirectory directory =
              DatabaseDirectory.open(Path.of(arguments[0]), true, Io.system());
          Lmdb lmdb = Lmdb.open(directory, List.of("t"), new Lmdb.Options(1 << 20, 2));
          Arena arena = Arena.ofShared()) {
        lmdb.write(txn -> txn.put("t", new byte[] {1}, new byte[3_000_000])); // grows the map
        lmdb.verify();
        try (SegmentWriter writer = SegmentFile.create(directory, "vec", 1, new long[0], 70_000)) {
          writer.append(ByteBuffer.allocate(70_000));
          writer.finish();
        }
        SegmentFile file = SegmentFile.open(directory, "vec", 1, arena);
        file.verify();
        PagingAdvice.random(file.payload());
        byte[] read = lmdb.<byte @Nullable []>read(txn -> txn.get("t", new byte[] {1}));
        System.out.println(read == null ? -1 : read.length);
        System.out.flush();
        if (arguments.length > 1) {
          Runtime.getRuntime().halt(0); // as good as killed
        }
      }
    }
  }

  @Test
  void isAllThatIsNeededAndNothingIsWarnedOf() throws Exception {
    ChildJvm.Result child =
        ChildJvm.run(
            List.of(
                "--sun-misc-unsafe-memory-access=deny",
                "--illegal-native-access=deny",
                "-Djava.io.tmpdir=" + temp),
            User.class,
            temp.resolve("db"));

    assertThat(child.errors()).isEmpty();
    assertThat(child.output()).isEqualTo("3000000\n");
    assertThat(child.exitCode()).isZero();
  }

  @Test
  void leavesNoLibraryInTheTemporaryDirectoryWhenKilled() throws Exception {
    ChildJvm.Result child =
        ChildJvm.run(List.of("-Djava.io.tmpdir=" + temp), User.class, temp.resolve("db"), "killed");

    assertThat(child.output()).isEqualTo("3000000\n");
    try (var files = java.nio.file.Files.list(temp)) {
      assertThat(files).containsExactly(temp.resolve("db"));
    }
  }
}
