package io.firn.search;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firn.Metric;
import io.firn.hnsw.FlatGraph;
import io.firn.hnsw.FlatGraphBuilder;
import io.firn.hnsw.HnswParams;
import io.firn.simd.CodeBlock;
import io.firn.simd.CodeQuery;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Records of rows that differ in what is not coded as much as in what is. */
class NodeRecordEncoderTest {

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT.withOrder(LITTLE_ENDIAN);
  private static final int DIMENSION = 400;
  private static final int KEPT = 128;
  private static final int ROWS = 60;
  private static final long SEED = 77;

  private final Random random = new Random(SEED);
  private final RowLayout layout = new RowLayout(DIMENSION, Metric.EUCLIDEAN);
  private final CodedSpace space =
      CodedSpace.of(layout, new float[DIMENSION], new long[] {-1, -1, 0, 0, 0, 0, 0}, SEED);
  private final NodeRecordLayout records = new NodeRecordLayout(KEPT, space.bits());
  private final MemorySegment bytes = Arena.ofAuto().allocate(records.strideBytes(), 64);
  private final float[][] vectors = new float[ROWS][];
  private final RowSlab rows = new RowSlab(layout);
  private final float[] query = vector(0);
  private final float[] coded = new float[KEPT];
  private final float left = space.transform(query, coded);

  NodeRecordEncoderTest() {
    for (int i = 0; i < ROWS; i++) {
      vectors[i] = vector(i);
      rows.append(MemorySegment.ofArray(vectors[i]));
    }
  }

  @AfterEach
  void close() {
    rows.close();
  }

  /** Of length √128 in what is coded; of another, 0 to 24, in what is not. */
  private float[] vector(int i) {
    float[] vector = new float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      double length = d < KEPT ? 1 : (i * 7 % ROWS) * 0.025;
      vector[d] = (float) (length * random.nextGaussian());
    }
    return vector;
  }

  /** What a search expects: the squared length in coded dimensions, and both lengths in others. */
  private double expected(int row) {
    float[] other = new float[KEPT];
    return left + space.transform(vectors[row], other) + squares(other);
  }

  private double squares(float[] other) {
    double sum = 0;
    for (int d = 0; d < KEPT; d++) {
      sum += Math.pow(coded[d] - other[d], 2);
    }
    return sum;
  }

  private void assertEstimates(int count, float shared) {
    var prepared = new CodeQuery(KEPT);
    prepared.prepare(coded);
    int[] found = new int[CodeBlock.RESULT_CAPACITY];
    float[] estimates = new float[CodeBlock.RESULT_CAPACITY];
    int all =
        records
            .block()
            .below(bytes, 0, prepared, shared, Float.POSITIVE_INFINITY, found, estimates);

    assertThat(all).isEqualTo(count);
    for (int i = 0; i < all; i++) {
      // about 256 in what is coded, known to some 25; 0 to 600 in what is not, known exactly
      assertThat((double) estimates[i])
          .as("seed %d, row %d", SEED, found[i])
          .isCloseTo(expected(found[i]), within(100.0));
    }
  }

  @Test
  void neighboursAreEstimatedWithWhatIsNotCoded() {
    FlatGraph graph =
        FlatGraphBuilder.build(
            ROWS,
            new HnswParams(CodeBlock.SLOTS / 2, 60, SEED),
            Distances.between(layout, rows),
            1,
            _ -> {});
    int[] links = new int[CodeBlock.SLOTS];
    for (int node = 0; node < ROWS; node++) {
      new NodeRecordEncoder(records, new RotatedRows(layout, rows, space), space)
          .node(graph, node, bytes.fill((byte) 0), 0);
      float[] head = new float[KEPT];
      float own = space.transform(vectors[node], head);
      assertEstimates(graph.neighbours(node, links), (float) (left + own + squares(head)));
    }
  }

  @Test
  void seedsAreEstimatedWithWhatIsNotCoded() {
    new NodeRecordEncoder(records, new RotatedRows(layout, rows, space), space)
        .seeds(ROWS, 0, bytes, 0);

    assertThat(bytes.get(INT, 4)).as("the second seed, spread over all rows").isEqualTo(1);
    assertEstimates(CodeBlock.SLOTS, (float) (left + squares(new float[KEPT])));
  }
}
