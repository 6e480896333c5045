package io.firn.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchFileTest {

  @TempDir Path temp;
  private DatabaseDirectory directory;

  @BeforeEach
  void open() throws IOException {
    directory = DatabaseDirectory.open(temp.resolve("db"), true, Io.system());
  }

  @AfterEach
  void close() throws IOException {
    directory.close();
  }

  private ScratchFile create(long bytes) throws IOException {
    return ScratchFile.create(directory, "scratch", 7, bytes);
  }

  private void requireNoFile() {
    assertThat(directory.segmentsPath()).isEmptyDirectory();
  }

  @Test
  void staysMappedWithoutAName() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mapped;
      try (ScratchFile file = create(10_000)) {
        file.append(ByteBuffer.allocate(5_000).put(0, (byte) 1));
        file.append(ByteBuffer.allocate(1_000).put(999, (byte) 2));
        mapped = file.map(arena);
      }
      requireNoFile();
      assertThat(mapped.byteSize()).isEqualTo(10_000);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 1);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 5_999)).isEqualTo((byte) 2);
      assertThat(mapped.get(ValueLayout.JAVA_BYTE, 9_999)).isZero();
    }
  }

  @Test
  void whatIsGivenUpLeavesNothing() throws IOException {
    ScratchFile file = create(10);
    file.append(ByteBuffer.allocate(3));
    file.close();
    file.close();
    requireNoFile();
  }

  @Test
  void takesThePlaceOfWhatACrashLeft() throws IOException {
    Path left = Files.write(directory.segmentsPath().resolve("00000007.scratch.tmp"), new byte[99]);
    try (ScratchFile file = create(10);
        Arena arena = Arena.ofConfined()) {
      assertThat(left).hasSize(10);
      assertThat(file.map(arena).byteSize()).isEqualTo(10);
    }
    requireNoFile();
  }

  @Test
  void doesNotGrow() throws IOException {
    try (ScratchFile file = create(10)) {
      file.append(ByteBuffer.allocate(8));
      assertThatIllegalStateException()
          .isThrownBy(() -> file.append(ByteBuffer.allocate(3)))
          .withMessageContaining("must be 10 bytes but would grow to 11");
    }
  }

  @Test
  void aFullDiskLeavesNothing() {
    assertThatIOException().isThrownBy(() -> create(1L << 50));
    requireNoFile();
  }
}
