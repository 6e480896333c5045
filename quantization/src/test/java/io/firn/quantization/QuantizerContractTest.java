package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every member of the family promises. */
class QuantizerContractTest {

  private static final int DIMENSION = 37;
  private static final long SEED = 20261120;
  private static final float[][] ROWS = Vectors.skewed(610, DIMENSION, 12);
  private static final float[][] QUERIES = Vectors.skewed(20, DIMENSION, 13);

  static Stream<Quantizer> all() {
    FloatRows sample = Vectors.rows(ROWS);
    return Stream.of(Distance.values())
        .flatMap(distance ->
            Stream.of(
                new ScalarQuantizer(DIMENSION, 8, distance),
                new ScalarQuantizer(DIMENSION, 4, distance),
                RabitqQuantizer.train(sample, 1, distance, 1, Progress.IGNORED),
                RabitqQuantizer.train(sample, 2, distance, 1, Progress.IGNORED),
                RabitqQuantizer.train(sample, 4, distance, 1, Progress.IGNORED),
                RabitqQuantizer.train(sample, 7, distance, 1, Progress.IGNORED),
                ProductQuantizer.train(sample, 12, 8, distance, 1, Progress.IGNORED),
                ProductQuantizer.train(sample, 19, 4, distance, 1, Progress.IGNORED)));
  }

  static Stream<Quantizer> withSigns() {
    return Stream.concat(all(), Stream.of(new SignQuantizer(new float[DIMENSION])));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void estimatesRankRowsBetterTheMoreBitsThereAre(Quantizer quantizer) {
    MemorySegment codes = Vectors.encoded(quantizer, ROWS);
    PreparedQuery prepared = quantizer.query();
    double errorSquares = 0;
    double spread = 0;
    for (float[] query : QUERIES) {
      prepared.prepare(query);
      for (int i = 0; i < ROWS.length; i++) {
        double exact = Vectors.exact(quantizer.distance(), query, ROWS[i]);
        errorSquares += Math.pow(prepared.estimateRow(codes, i) - exact, 2);
        double other = Vectors.exact(quantizer.distance(), query, ROWS[(i + 1) % ROWS.length]);
        spread += Math.pow(exact - other, 2) / 2;
      }
    }
    double bits = 8.0 * quantizer.codesBytes(ROWS.length) / ROWS.length / DIMENSION;

    assertThat(Math.sqrt(errorSquares / spread))
        .as("error over spread, %s, %.1f bits a dimension with factors", quantizer.name(), bits)
        .isLessThan(allowedError(quantizer.name()));
  }

  private static double allowedError(String name) {
    return switch (name) {
      case "scalar-8", "rabitq-7" -> 0.03;
      case "rabitq-4" -> 0.12;
      case "scalar-4" -> 0.25;
      case "rabitq-2" -> 0.35;
      default -> 0.7;
    };
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withSigns")
  void estimatesOfBlocksAreThoseOfRows(Quantizer quantizer) {
    MemorySegment codes = Vectors.encoded(quantizer, ROWS);
    PreparedQuery prepared = quantizer.query().prepare(QUERIES[0]);
    float[] estimates = new float[PreparedQuery.RESULT_CAPACITY];
    float[] deviations = new float[PreparedQuery.RESULT_CAPACITY];
    for (int block = 0; block < Math.ceilDiv(ROWS.length, 32); block++) {
      int count = Math.min(32, ROWS.length - 32 * block);
      prepared.estimateBlock(codes, block, count, estimates, deviations);
      float[] all = estimates.clone();
      float[] spread = deviations.clone();
      for (int i = 0; i < count; i++) {
        int row = 32 * block + i;
        assertThat(prepared.estimateRow(codes, row))
            .isCloseTo(all[i], org.assertj.core.data.Offset.offset(1e-4f * (1 + Math.abs(all[i]))));
        assertThat(prepared.deviationRow(codes, row))
            .isCloseTo(spread[i], org.assertj.core.data.Offset.offset(1e-3f * (1 + spread[i])));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void wideScanFindsTheExactNeighbours(Quantizer quantizer) {
    MemorySegment codes = Vectors.encoded(quantizer, ROWS);
    PreparedQuery prepared = quantizer.query();
    var scan = new CodeScan();
    for (float[] query : QUERIES) {
      int[] found = new int[10];
      float[] distances = new float[10];
      int count =
          scan.nearest(
              prepared.prepare(query),
              codes,
              ROWS.length,
              6,
              row -> row % 3 == 1 ? row + 1 : row,
              Vectors.exactly(quantizer.distance(), query, ROWS),
              found,
              distances);
      int[] expected =
          Arrays.stream(Vectors.ranking(quantizer.distance(), query, ROWS))
              .filter(row -> row % 3 != 1)
              .limit(10)
              .toArray();

      assertThat(count).isEqualTo(10);
      assertThat(found).isEqualTo(expected);
      assertThat(scan.rowsRead()).isBetween(10, ROWS.length);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withSigns")
  void comesBackFromItsBytes(Quantizer quantizer) {
    MemorySegment state = Arena.ofAuto().allocate(quantizer.stateBytes());
    quantizer.writeTo(state);
    Quantizer back = Quantizer.read(state);

    assertThat(back.name()).isEqualTo(quantizer.name());
    assertThat(back.dimension()).isEqualTo(DIMENSION);
    assertThat(back.distance()).isEqualTo(quantizer.distance());
    assertThat(Vectors.encoded(back, ROWS).mismatch(Vectors.encoded(quantizer, ROWS)))
        .isEqualTo(-1);
    float estimate =
        quantizer.query().prepare(QUERIES[1]).estimateRow(Vectors.encoded(quantizer, ROWS), 3);
    assertThat(back.query().prepare(QUERIES[1]).estimateRow(Vectors.encoded(back, ROWS), 3))
        .isEqualTo(estimate);
    for (long at = 0; at < Math.min(400, state.byteSize()); at++) {
      byte kept = state.get(ValueLayout.JAVA_BYTE, at);
      state.set(ValueLayout.JAVA_BYTE, at, (byte) ~kept);
      assertThatExceptionOfType(CorruptQuantizerException.class)
          .isThrownBy(() -> Quantizer.read(state));
      state.set(ValueLayout.JAVA_BYTE, at, kept);
    }
    assertThatExceptionOfType(CorruptQuantizerException.class)
        .isThrownBy(() -> Quantizer.read(state.asSlice(0, state.byteSize() - 1).asReadOnly()))
        .satisfies(e -> assertThat(e).hasMessageContaining("must be"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void reportsItsSizeAndError(Quantizer quantizer) {
    FloatRows sample = Vectors.rows(ROWS);
    CodeReport report = CodeReport.measure(quantizer, sample, 1);

    assertThat(report.name()).isEqualTo(quantizer.name());
    assertThat(report.bytesPerRow() * ROWS.length)
        .isEqualTo((double) quantizer.codesBytes(ROWS.length));
    assertThat(report.relativeError()).isBetween(1e-6, allowedError(quantizer.name()));
    assertThat(CodeReport.measure(quantizer, sample, 1).relativeError())
        .isCloseTo(report.relativeError(), within(1e-3 * report.relativeError()));
    assertThat(report.toString()).startsWith(quantizer.name() + ": ");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withSigns")
  void codesDoNotDependOnThreadsOrStripes(Quantizer quantizer) throws InterruptedException {
    float[][] rows = Vectors.skewed(9000, DIMENSION, 8);
    MemorySegment many = Arena.ofAuto().allocate(quantizer.codesBytes(rows.length), 64);
    many.fill((byte) 0x5A);
    Encoding.encodeAll(quantizer, Vectors.rows(rows), many, 3);

    assertThat(Vectors.encoded(quantizer, rows).mismatch(many)).isEqualTo(-1);
  }

  /** Codes come from files: damaged ones may give wrong distances, never a wrong place. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("withSigns")
  void anyBytesAreScannedWithoutHarm(Quantizer quantizer) {
    var random = new java.util.SplittableRandom(SEED);
    MemorySegment codes = Arena.ofAuto().allocate(quantizer.codesBytes(ROWS.length), 64);
    int[] found = new int[10];
    float[] distances = new float[10];
    var scan = new CodeScan();
    for (int round = 0; round < 50; round++) {
      for (long i = 0; i < codes.byteSize(); i++) {
        codes.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
      }
      int count =
          scan.nearest(
              quantizer.query().prepare(QUERIES[round % QUERIES.length]),
              codes,
              ROWS.length,
              2,
              CodeScan.RowFilter.ALL,
              Vectors.exactly(quantizer.distance(), QUERIES[0], ROWS),
              found,
              distances);

      assertThat(Arrays.stream(found).limit(count)).allMatch(row -> row >= 0 && row < ROWS.length);
      quantizer.decodeRow(codes, round, new float[DIMENSION]);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("withSigns")
  void leavesTheSameBytesWhateverWasThere(Quantizer quantizer) {
    MemorySegment clean = Vectors.encoded(quantizer, ROWS);
    MemorySegment used = Arena.ofAuto().allocate(quantizer.codesBytes(ROWS.length), 64);
    used.fill((byte) 0xA7);
    quantizer.encode(Vectors.rows(ROWS), 0, ROWS.length, used);

    assertThat(used.mismatch(clean)).isEqualTo(-1);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void decodesToRowsNearTheOriginals(Quantizer quantizer) {
    MemorySegment codes = Vectors.encoded(quantizer, ROWS);
    float[] decoded = new float[DIMENSION];
    double error = 0;
    double spread = 0;
    for (int i = 0; i < ROWS.length; i++) {
      float[] row = ROWS[i].clone();
      float[] other = ROWS[(i + 7) % ROWS.length].clone();
      if (quantizer.distance() == Distance.COSINE && !(quantizer instanceof ScalarQuantizer)) {
        Centroid.normalise(row, DIMENSION);
        Centroid.normalise(other, DIMENSION);
      }
      quantizer.decodeRow(codes, i, decoded);
      error += Vectors.exact(Distance.SQUARED_L2, decoded, row);
      spread += Vectors.exact(Distance.SQUARED_L2, other, row) / 2;
    }

    assertThat(error / spread).as(quantizer.name()).isLessThan(0.5);
  }
}
