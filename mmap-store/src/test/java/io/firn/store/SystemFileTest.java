package io.firn.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFileTest {

  @TempDir Path temp;

  @Test
  void preallocatesByFallocate() throws Exception {
    Path path = temp.resolve("file");
    try (FileHandle file = Io.system().create(path)) {
      file.preallocate(1_000_000);

      assertThat(file.size()).isEqualTo(1_000_000);
      assertThat(blocks(path) * 512).isGreaterThanOrEqualTo(1_000_000);
    }
  }

  private static long blocks(Path path) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", path.toString()).start();
    return Long.parseLong(new String(stat.getInputStream().readAllBytes(), UTF_8).strip());
  }

  @Test
  void preallocatesByZerosWhereThereIsNoFallocate() throws IOException {
    Path path = temp.resolve("file");
    try (FileHandle file = Io.system().create(path)) {
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
      ((SystemFile) file).writeZeros(200_001);
    }
    byte[] expected = new byte[200_001];
    expected[0] = 1;
    expected[1] = 2;
    expected[2] = 3;
    assertThat(path).hasBinaryContent(expected);
  }

  @Test
  void saysWhereAFileEnds() throws IOException {
    Path path = temp.resolve("file");
    Files.write(path, new byte[10]);
    try (FileHandle file = Io.system().open(path)) {
      assertThatExceptionOfType(EOFException.class)
          .isThrownBy(() -> file.read(ByteBuffer.allocate(8), 4))
          .withMessageContaining("ends at byte 10, 2 short");
    }
  }

  @Test
  void createsOnlyNewFiles() throws IOException {
    Path path = temp.resolve("file");
    Files.write(path, new byte[10]);

    assertThatExceptionOfType(FileAlreadyExistsException.class)
        .isThrownBy(() -> Io.system().create(path));
  }
}
