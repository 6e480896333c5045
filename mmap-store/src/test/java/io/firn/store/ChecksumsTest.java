package io.firn.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumsTest {

  /** The polynomial of RFC 3720, bit by bit. */
  private static int reference(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc >>> 1 ^ (crc & 1) * 0x82F63B78;
      }
    }
    return ~crc;
  }

  @Test
  void hasTheCheckValueOfCrc32c() {
    assertThat(Checksums.crc32c("123456789".getBytes(US_ASCII))).isEqualTo(0xE3069283);
  }

  @Test
  void agreesWithTheBitwiseDefinitionForEveryKindOfMemory() {
    float[] floats = new float[5_003]; // more than one copying step
    Random random = new Random(1);
    for (int i = 0; i < floats.length; i++) {
      floats[i] = random.nextFloat();
    }
    MemorySegment heap = MemorySegment.ofArray(floats);
    byte[] bytes = heap.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    int expected = reference(bytes);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment off = arena.allocate(bytes.length).copyFrom(heap);
      assertThat(Checksums.crc32c(bytes)).isEqualTo(expected);
      assertThat(Checksums.crc32c(heap)).isEqualTo(expected);
      assertThat(Checksums.crc32c(MemorySegment.ofArray(bytes).asReadOnly())).isEqualTo(expected);
      assertThat(Checksums.crc32c(off)).isEqualTo(expected);
      assertThat(Checksums.crc32c(off.asReadOnly())).isEqualTo(expected);
    }
  }

  @Test
  void sumsTheRemainingBytesAndLeavesThePosition() {
    ByteBuffer buffer = ByteBuffer.wrap("xx123456789y".getBytes(US_ASCII)).position(2).limit(11);

    assertThat(Checksums.crc32c(buffer)).isEqualTo(0xE3069283);
    assertThat(buffer.position()).isEqualTo(2);
  }

  @Test
  void sumsARangeOfAnArray() {
    assertThat(Checksums.crc32c("xx123456789y".getBytes(US_ASCII), 2, 9)).isEqualTo(0xE3069283);
  }
}
