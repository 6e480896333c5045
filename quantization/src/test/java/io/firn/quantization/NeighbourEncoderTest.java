package io.firn.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeighbourEncoderTest {

  private static final int DIMENSION = 100;

  @ParameterizedTest(name = "{0} bits, {1}")
  @CsvSource({
    "1,SQUARED_L2",
    "2,SQUARED_L2",
    "4,SQUARED_L2",
    "1,INNER_PRODUCT",
    "2,INNER_PRODUCT",
    "1,COSINE",
    "3,COSINE"
  })
  void estimatesAreUnbiasedWithTheStatedDeviation(int bits, Distance distance) {
    double sum = 0;
    double squares = 0;
    double batchSquares = 0;
    int batches = 0;
    int count = 0;
    for (int seed = 0; seed < 60; seed++) {
      float[][] rows = Vectors.skewed(33, DIMENSION, seed);
      for (int i = 1; i < rows.length; i++) {
        for (int d = 0; d < DIMENSION; d++) {
          rows[i][d] = rows[0][d] + 0.5f * (rows[i][d] - rows[0][d]); // neighbours lie around it
        }
      }
      var quantizer =
          RabitqQuantizer.train(Vectors.rows(rows), bits, distance, seed, Progress.IGNORED);
      var record = new NodeRecord(quantizer, rows, 32);
      for (float[] query : Vectors.skewed(4, DIMENSION, 1000 + seed)) {
        double batch = 0;
        float[] estimates = record.estimates(query);
        for (int i = 0; i < 32; i++) {
          double exact = Vectors.exact(distance, query, rows[1 + i]);
          double error = (estimates[i] - exact) / (record.deviations[i] * record.toNode(query));
          batch += error;
          squares += error * error;
          count++;
        }
        sum += batch;
        batchSquares += Math.pow(batch / 32, 2);
        batches++;
      }
    }

    assertThat(Math.abs(sum / count))
        .as("mean error in deviations")
        .isLessThan(4 * Math.sqrt(batchSquares) / batches);
    // Less than one: the node's own place is part of both residual and query, which are correlated,
    // and only the part of the query across the residual errs.
    assertThat(Math.sqrt(squares / count)).as("error in deviations").isBetween(0.8, 1.15);
  }

  @Test
  void unusedSlotsAreNeverFound() {
    float[][] rows = Vectors.skewed(6, DIMENSION, 1);
    var quantizer = new RabitqQuantizer(1, Distance.SQUARED_L2, 1, new float[DIMENSION]);

    assertThat(new NodeRecord(quantizer, rows, 5).estimates(rows[2])).hasSize(5);
    assertThat(new NodeRecord(quantizer, rows, 0).estimates(rows[2])).isEmpty();
  }

  @Test
  void refusesABlockOfAnotherShape() {
    var quantizer = new RabitqQuantizer(1, Distance.SQUARED_L2, 1, new float[DIMENSION]);
    var block = new CodeBlock(128, 2, 0, 128, 192, 192 + CodeBlock.codesBytes(128, 2));

    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            quantizer
                .neighbours()
                .encode(
                    MemorySegment.NULL,
                    0,
                    block,
                    new float[128],
                    new float[0],
                    new float[0],
                    0,
                    new float[0]))
        .withMessageContaining("but has 128 of 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new RabitqQuantizer(5, Distance.SQUARED_L2, 1, new float[DIMENSION]).neighbours());
  }

  /** A node, row 0, and its neighbours, the rows behind it. */
  private static final class NodeRecord {
    final float[] deviations = new float[32];
    private final RabitqQuantizer quantizer;
    private final NeighbourEncoder encoder;
    private final CodeBlock block;
    private final MemorySegment bytes;
    private final float[] node;
    private final float[] query;
    private final CodeQuery table;

    NodeRecord(RabitqQuantizer quantizer, float[][] rows, int count) {
      int length = quantizer.codeLength();
      long factorsAt = 192 + CodeBlock.codesBytes(length, quantizer.bits());
      this.quantizer = quantizer;
      this.encoder = quantizer.neighbours();
      this.block = new CodeBlock(length, quantizer.bits(), 0, 128, 192, factorsAt);
      this.bytes = Arena.ofAuto().allocate(factorsAt + 128, 64);
      this.node = new float[length];
      this.query = new float[length];
      this.table = new CodeQuery(length);
      for (int i = 0; i < 32; i++) {
        bytes.set(ValueLayout.JAVA_INT, 4L * i, i);
      }
      float[] neighbours = new float[length * count];
      for (int i = 0; i < count; i++) {
        quantizer.transform(rows[1 + i], query);
        System.arraycopy(query, 0, neighbours, i * length, length);
      }
      quantizer.transform(rows[0], node);
      encoder.encode(bytes, 0, block, node, neighbours, new float[count], count, deviations);
    }

    float[] estimates(float[] vector) {
      quantizer.transform(vector, query);
      table.prepare(query);
      int[] ids = new int[CodeBlock.RESULT_CAPACITY];
      float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
      float shared = encoder.shared(query, node);
      int found = block.below(bytes, 0, table, shared, Float.POSITIVE_INFINITY, ids, estimates);
      return java.util.Arrays.copyOf(estimates, found);
    }

    double toNode(float[] vector) {
      quantizer.transform(vector, query);
      return Math.sqrt(Vectors.exact(Distance.SQUARED_L2, query, node));
    }
  }
}
