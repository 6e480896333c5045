package io.firn.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactRecordsTest {

  private static final int LENGTH = 64;

  /** Its file has no checksums: the system may bring back other bytes than it took. */
  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 1 << 24, (1 << 24) + 1, Integer.MAX_VALUE})
  void whateverItsBytesAreOnlyNodesAreNamed(int size) {
    var random = new Random(size);
    byte[] bytes = new byte[1_000];
    MemorySegment memory = Arena.ofAuto().allocate(bytes.length);
    var compact = new CompactRecords(size, LENGTH, memory, Arena.ofShared());
    int[] neighbours = new int[compact.degree()];
    for (int round = 0; round < 1_000; round++) {
      random.nextBytes(bytes);
      memory.copyFrom(MemorySegment.ofArray(bytes));
      int count = compact.neighbours(0, neighbours);
      for (int i = 0; i < count; i++) {
        assertThat(neighbours[i]).as("seed %d", size).isBetween(1, size - 1);
      }
    }
    compact.retire();
  }
}
