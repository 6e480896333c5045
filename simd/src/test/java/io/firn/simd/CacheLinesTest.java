package io.firn.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CacheLinesTest {

  private static final int LINES = 40;

  @Test
  void everyLineIsRead() {
    var random = new Random(4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(4 * LINES * 64L, 64);
      for (int lines = 0; lines <= LINES; lines++) {
        memory.fill((byte) 0);
        int expected = 0;
        for (int line = 0; line < 4 * LINES; line++) {
          int word = random.nextInt();
          memory.set(Rows.INT, line * 64L, word);
          expected ^= line % LINES < lines ? word : 0;
        }
        long apart = LINES * 64L;
        assertThat(CacheLines.touch4(memory, 0, apart, 2 * apart, 3 * apart, lines * 64L))
            .as("%d lines", lines)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void heapMemoryIsLeftAlone() {
    assertThat(CacheLines.touch4(MemorySegment.ofArray(new byte[256]), 0, 0, 0, 0, 256)).isZero();
  }

  @Test
  void memoryOutsideTheSegmentOrGoneIsRefused() {
    MemorySegment gone;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(128, 64);
      gone = memory;
      assertThatThrownBy(() -> CacheLines.touch4(memory, 0, 64, 0, 0, 128))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> CacheLines.touch4(memory, 0, 0, -64, 0, 64))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> CacheLines.touch4(gone, 0, 0, 0, 0, 64))
        .isInstanceOf(IllegalStateException.class);
  }
}
