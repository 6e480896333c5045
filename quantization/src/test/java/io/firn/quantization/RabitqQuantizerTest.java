package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RabitqQuantizerTest {

  /** √(1-κ²)/κ of the infinite Gaussian, by bits. */
  private static final double[] TABLE = {
    0, 0.7555, 0.367, 0.197, 0.108, 0.0592, 0.0323, 0.0174, 0.0093
  };

  @ParameterizedTest(name = "{0} bits, {1}, dimension {2}")
  @CsvSource({
    "1,SQUARED_L2,128",
    "2,SQUARED_L2,100",
    "3,SQUARED_L2,192",
    "4,SQUARED_L2,128",
    "5,SQUARED_L2,128",
    "6,SQUARED_L2,100",
    "7,SQUARED_L2,192",
    "8,SQUARED_L2,128",
    "1,INNER_PRODUCT,128",
    "4,INNER_PRODUCT,100",
    "6,INNER_PRODUCT,128",
    "1,COSINE,128",
    "2,COSINE,100",
    "5,COSINE,192"
  })
  void estimatesAreUnbiasedAndWithinTheirBounds(int bits, Distance distance, int dimension) {
    float[][] rows = Vectors.skewed(1000, dimension, bits);
    var errors = new Errors();
    for (int rotation = 0; rotation < 20; rotation++) { // unbiased over rotations, not over one
      Quantizer quantizer =
          RabitqQuantizer.train(Vectors.rows(rows), bits, distance, rotation, Progress.IGNORED);
      errors.add(quantizer, rows, Vectors.skewed(5, dimension, 77 + rotation));
    }

    assertThat(errors.count).isEqualTo(100_000);
    assertThat(Math.abs(errors.mean()) / errors.standardErrorOfMean())
        .as("mean normalised error %.4f in standard errors", errors.mean())
        .isLessThan(4);
    assertThat(errors.rootMeanSquare()).as("error in deviations").isBetween(0.9, 1.1);
    assertThat(errors.beyond(1.9)).as("share beyond 1.9 deviations").isBetween(0.03, 0.08);
    assertThat(errors.beyond(3)).as("share beyond 3 deviations").isLessThan(0.006);
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void blockAndRowEstimatesAreTheSame(int bits) {
    float[][] rows = Vectors.skewed(75, 100, 1);
    var quantizer =
        RabitqQuantizer.train(Vectors.rows(rows), bits, Distance.SQUARED_L2, 3, Progress.IGNORED);
    MemorySegment codes = Vectors.encoded(quantizer, rows);
    RabitqQuery query = quantizer.query().prepare(rows[9]);
    float[] estimates = new float[PreparedQuery.RESULT_CAPACITY];
    float[] deviations = new float[PreparedQuery.RESULT_CAPACITY];
    int[] places = new int[PreparedQuery.RESULT_CAPACITY];
    for (int block = 0; block < 3; block++) {
      int count = Math.min(32, 75 - 32 * block);
      query.estimateBlock(codes, block, count, estimates, deviations);
      float[] all = estimates.clone();
      float[] spread = deviations.clone();
      for (int i = 0; i < count; i++) {
        assertThat(query.estimateRow(codes, 32 * block + i)).isEqualTo(all[i]);
        assertThat(query.deviationRow(codes, 32 * block + i)).isEqualTo(spread[i]);
      }
      float threshold = all[count / 2];
      int found = query.below(codes, block, count, threshold, 1, places, estimates, deviations);
      int expected = 0;
      for (int i = 0; i < count; i++) {
        if (all[i] - spread[i] < threshold) {
          assertThat(places[expected]).isEqualTo(i);
          assertThat(estimates[expected]).isEqualTo(all[i]);
          expected++;
        }
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void decodesNearerWithEveryBit(int bits) {
    int dimension = 200;
    float[][] rows = Vectors.skewed(64, dimension, 4);
    var quantizer =
        RabitqQuantizer.train(Vectors.rows(rows), bits, Distance.SQUARED_L2, 3, Progress.IGNORED);
    MemorySegment codes = Vectors.encoded(quantizer, rows);
    float[] mean = quantizer.centring().centroid();
    double error = 0;
    double spread = 0;
    float[] decoded = new float[dimension];
    for (int i = 0; i < rows.length; i++) {
      quantizer.decodeRow(codes, i, decoded);
      error += Vectors.exact(Distance.SQUARED_L2, decoded, rows[i]);
      spread += Vectors.exact(Distance.SQUARED_L2, mean, rows[i]);
    }
    double tangent = TABLE[bits];

    assertThat(error / spread).isLessThan(1.15 * tangent * tangent / (1 + tangent * tangent));
  }

  @Test
  void codesTenThousandDimensionsAndASingleRow() {
    float[][] rows = Vectors.skewed(1, 10_000, 3);
    for (int bits : new int[] {1, 4, 8}) {
      var quantizer = new RabitqQuantizer(bits, Distance.SQUARED_L2, 1, new float[10_000]);
      MemorySegment codes = Vectors.encoded(quantizer, rows);
      float[] query = Vectors.skewed(1, 10_000, 4)[0];
      RabitqQuery prepared = quantizer.query().prepare(query);
      double exact = Vectors.exact(Distance.SQUARED_L2, query, rows[0]);

      assertThat(Math.abs(prepared.estimateRow(codes, 0) - exact))
          .isLessThan(5 * prepared.deviationRow(codes, 0));
      float[] decoded = new float[10_000];
      quantizer.decodeRow(codes, 0, decoded);
      double left = Vectors.exact(Distance.SQUARED_L2, decoded, rows[0]);
      double length = Vectors.exact(Distance.SQUARED_L2, new float[10_000], rows[0]);
      assertThat(left / length).isLessThan(1.1 * TABLE[bits] * TABLE[bits]);
    }
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(ints = {1, 3, 8})
  void comesBackFromItsBytesTheSame(int bits) {
    float[][] rows = Vectors.skewed(100, 33, 8);
    var quantizer =
        RabitqQuantizer.train(Vectors.rows(rows), bits, Distance.COSINE, 42, Progress.IGNORED);
    MemorySegment state = Arena.ofAuto().allocate(quantizer.stateBytes());
    quantizer.writeTo(state);
    Quantizer back = Quantizer.read(state);

    assertThat(back.name()).isEqualTo(quantizer.name());
    assertThat(back.distance()).isEqualTo(Distance.COSINE);
    assertThat(Vectors.encoded(back, rows).mismatch(Vectors.encoded(quantizer, rows)))
        .isEqualTo(-1);
    for (long at = 0; at < state.byteSize(); at++) {
      byte kept = state.get(java.lang.foreign.ValueLayout.JAVA_BYTE, at);
      state.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, (byte) (kept ^ 0x10));
      assertThatExceptionOfType(CorruptQuantizerException.class)
          .as("byte %d", at)
          .isThrownBy(() -> Quantizer.read(state));
      state.set(java.lang.foreign.ValueLayout.JAVA_BYTE, at, kept);
    }
  }

  @Test
  void trainingReportsItsProgressAndCanBeEnded() {
    FloatRows sample = Vectors.rows(Vectors.skewed(10_000, 4, 1));
    double[] last = {-1};
    RabitqQuantizer.train(
        sample,
        1,
        Distance.SQUARED_L2,
        1,
        fraction -> {
          assertThat(fraction).isGreaterThanOrEqualTo(last[0]);
          last[0] = fraction;
          return true;
        });

    assertThat(last[0]).isEqualTo(1);
    assertThatExceptionOfType(CancellationException.class)
        .isThrownBy(
            () -> RabitqQuantizer.train(sample, 1, Distance.COSINE, 1, fraction -> fraction < 0.5));
  }

  @Test
  void refusesWhatDoesNotFit() {
    float[] centroid = new float[8];
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RabitqQuantizer(0, Distance.COSINE, 1, centroid))
        .withMessageStartingWith("bits must be 1..8 but is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RabitqQuantizer(9, Distance.COSINE, 1, centroid));
    var quantizer = new RabitqQuantizer(1, Distance.COSINE, 1, centroid);
    FloatRows rows = Vectors.rows(new float[40][8]);
    MemorySegment codes = Arena.ofAuto().allocate(quantizer.codesBytes(40));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> quantizer.encode(rows, 5, 10, codes))
        .withMessageContaining("but is 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> quantizer.encode(Vectors.rows(new float[40][9]), 0, 40, codes));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> quantizer.encode(rows, 32, 9, codes));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> quantizer.encode(rows, 0, 40, codes.asSlice(64)));
  }

  /** Errors of estimates in units of their stated deviation. */
  private static final class Errors {
    int count;
    private double sum;
    private double batchSquares;
    private int batches;
    private double squares;
    private final int[] histogram = new int[1000];

    void add(Quantizer quantizer, float[][] rows, float[][] queries) {
      MemorySegment codes = Vectors.encoded(quantizer, rows);
      PreparedQuery prepared = quantizer.query();
      for (float[] query : queries) {
        prepared.prepare(query);
        double before = sum;
        for (int i = 0; i < rows.length; i++) {
          double exact = Vectors.exact(quantizer.distance(), query, rows[i]);
          double error = (prepared.estimateRow(codes, i) - exact) / prepared.deviationRow(codes, i);
          count++;
          sum += error;
          squares += error * error;
          histogram[(int) Math.min(999, Math.abs(error) * 100)]++;
        }
        batches++;
        batchSquares += Math.pow((sum - before) / rows.length, 2);
      }
    }

    double mean() {
      return sum / count;
    }

    /** From the means of the queries, for errors of one query and rotation are correlated. */
    double standardErrorOfMean() {
      return Math.sqrt(batchSquares) / batches;
    }

    double rootMeanSquare() {
      return Math.sqrt(squares / count);
    }

    double beyond(double deviations) {
      int beyond = 0;
      for (int i = (int) (deviations * 100); i < histogram.length; i++) {
        beyond += histogram[i];
      }
      return (double) beyond / count;
    }
  }
}
