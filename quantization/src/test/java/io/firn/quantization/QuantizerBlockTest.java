package io.firn.quantization;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that pass their checksums and are wrong all the same. */
class QuantizerBlockTest {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final int DIMENSION = 24;

  @Test
  void isWrittenAsDrawn() {
    float[] centroid = new float[DIMENSION];
    centroid[3] = 1.5f;
    MemorySegment state = state(new RabitqQuantizer(2, Distance.COSINE, 0x1122334455L, centroid));

    assertThat(state.byteSize()).isEqualTo(64 + 4L * DIMENSION);
    assertThat(new String(state.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE), US_ASCII))
        .isEqualTo("FIRNQUAN");
    int[] header = state.asSlice(8, 56).toArray(INT);
    int crcOfFloats = crc(state, 64, 4L * DIMENSION);
    int crcOfHeader = crc(state, 0, 60);
    assertThat(header)
        .containsExactly(
            1,
            2,
            2,
            DIMENSION,
            2,
            DIMENSION,
            0x22334455,
            0x11,
            0,
            0,
            0,
            0,
            crcOfFloats,
            crcOfHeader);
    assertThat(state.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 64 + 12)).isEqualTo(1.5f);
  }

  @ParameterizedTest(name = "{0}: int at {1} = {2}")
  @CsvSource({
    "rabitq, 8, 2, version must be 1 but is 2",
    "rabitq, 12, 0, kind must be 1..4 but is 0",
    "rabitq, 12, 5, kind must be 1..4 but is 5",
    "rabitq, 12, 1, floats must be 0 but is 24",
    "rabitq, 16, 3, 'distance must be 0, 1 or 2 but is 3'",
    "rabitq, 20, 0, dimension must be 1 or more but is 0",
    "rabitq, 20, -24, dimension must be 1 or more but is -24",
    "rabitq, 20, 25, floats must be 25 but is 24",
    "rabitq, 24, 0, bits must be 1..8 but is 0",
    "rabitq, 24, 9, bits must be 1..8 but is 9",
    "rabitq, 28, -1, floats must be as many as there are but is -1",
    "rabitq, 28, 2147483647, floats must be as many as there are but is 2147483647",
    "sign, 20, 23, floats must be 23 but is 24",
    "scalar, 24, 5, bits must be as its kind allows but is 5",
    "scalar, 20, 10001, bits must be as its kind allows but is 8",
    "product, 40, 0, subspaces must be 1..dimension but is 0",
    "product, 40, 25, subspaces must be 1..dimension but is 25",
    "product, 24, 3, floats must be 193 but is 385",
  })
  void refusesFieldsThatNoQuantizerHas(String kind, long at, int value, String message) {
    MemorySegment state = state(quantizer(kind));
    state.set(INT, at, value);
    state.set(INT, 60, crc(state, 0, 60));

    assertThatExceptionOfType(CorruptQuantizerException.class)
        .isThrownBy(() -> Quantizer.read(state))
        .withMessageStartingWith(message);
  }

  @Test
  void refusesFloatsThatAreNotFinite() {
    for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      MemorySegment state = state(quantizer("rabitq"));
      state.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 64 + 8, value);
      state.set(INT, 56, crc(state, 64, 4L * DIMENSION));
      state.set(INT, 60, crc(state, 0, 60));

      assertThatExceptionOfType(CorruptQuantizerException.class)
          .isThrownBy(() -> Quantizer.read(state))
          .withMessageStartingWith("a float must be finite");
    }
  }

  /** Headers of chance behind right checksums: a quantizer or a refusal, nothing else. */
  @Test
  void anyBytesAreAQuantizerOrRefused() {
    var random = new SplittableRandom(20261120);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      MemorySegment state = state(quantizer(random.nextBoolean() ? "rabitq" : "product"));
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        int field = 8 + 4 * random.nextInt(12);
        int value = random.nextBoolean() ? random.nextInt(-2, 30) : random.nextInt();
        state.set(INT, field, value);
      }
      state.set(INT, 60, crc(state, 0, 60));
      try {
        assertThat(Quantizer.read(state).dimension()).isBetween(1, DIMENSION);
        read++;
      } catch (CorruptQuantizerException e) {
        assertThat(e).hasMessageContaining(" must be ");
      }
    }
    assertThat(read).isBetween(100, 19_000);
  }

  @Test
  void refusesWhatIsTooShort() {
    MemorySegment state = state(quantizer("rabitq"));
    for (long bytes = 0; bytes < state.byteSize(); bytes++) {
      MemorySegment cut = state.asSlice(0, bytes);
      assertThatExceptionOfType(CorruptQuantizerException.class)
          .isThrownBy(() -> Quantizer.read(cut));
    }
  }

  private static Quantizer quantizer(String kind) {
    return switch (kind) {
      case "rabitq" -> new RabitqQuantizer(4, Distance.SQUARED_L2, 7, new float[DIMENSION]);
      case "scalar" -> new ScalarQuantizer(DIMENSION, 8, Distance.SQUARED_L2);
      case "sign" -> new SignQuantizer(new float[DIMENSION]);
      default -> {
        var books = new Codebooks(DIMENSION, 6, 16, new float[16 * DIMENSION]);
        yield new ProductQuantizer(Distance.COSINE, 4, books, 0);
      }
    };
  }

  private static MemorySegment state(Quantizer quantizer) {
    MemorySegment state = Arena.ofAuto().allocate(quantizer.stateBytes());
    quantizer.writeTo(state);
    return state;
  }

  private static int crc(MemorySegment bytes, long from, long length) {
    var crc = new CRC32C();
    crc.update(bytes.asSlice(from, length).toArray(ValueLayout.JAVA_BYTE));
    return (int) crc.getValue();
  }
}
