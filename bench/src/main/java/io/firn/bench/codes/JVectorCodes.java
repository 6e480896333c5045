package io.firn.bench.codes;

import io.firn.quantization.Distance;
import io.firn.quantization.FloatRows;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction;
import io.github.jbellis.jvector.quantization.CompressedVectors;
import io.github.jbellis.jvector.quantization.VectorCompressor;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Rows coded by a compressor of JVector, scored by its own score functions. */
final class JVectorCodes implements CodedRows {

  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();

  private static final int TIMED_ROWS = 50_000;

  private final CompressedVectors codes;
  private final int count;
  private final int bytes;
  private final double encodedPerSecond;
  private final VectorSimilarityFunction similarity;

  JVectorCodes(
      FloatRows rows,
      Distance distance,
      Function<RandomAccessVectorValues, VectorCompressor<?>> trainer) {
    this.count = rows.count();
    this.similarity =
        distance == Distance.SQUARED_L2
            ? VectorSimilarityFunction.EUCLIDEAN
            : VectorSimilarityFunction.DOT_PRODUCT;
    List<VectorFloat<?>> vectors = new ArrayList<>();
    float[] row = new float[rows.dimension()];
    for (int i = 0; i < count; i++) {
      rows.copy(i, row);
      vectors.add(TYPES.createFloatVector(row.clone()));
    }
    var values = new ListRandomAccessVectorValues(vectors, rows.dimension());
    VectorCompressor<?> compressor = trainer.apply(values);
    this.bytes = compressor.compressedVectorSize();
    this.codes = compressor.encodeAll(values); // and warms it up
    int timed = Math.min(count, TIMED_ROWS);
    long start = CpuClock.nanos();
    for (int i = 0; i < timed; i++) {
      compressor.encode(vectors.get(i));
    }
    this.encodedPerSecond = 1e9 * timed / (CpuClock.nanos() - start);
  }

  @Override
  public double bytesPerRow() {
    return bytes;
  }

  @Override
  public double encodedPerSecond() {
    return encodedPerSecond;
  }

  @Override
  public void estimate(float[] query, float[] estimates) {
    ScoreFunction score =
        codes.precomputedScoreFunctionFor(TYPES.createFloatVector(query), similarity);
    for (int i = 0; i < count; i++) {
      estimates[i] = -score.similarityTo(i);
    }
  }
}
