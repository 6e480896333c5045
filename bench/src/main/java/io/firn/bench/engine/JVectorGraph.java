package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * What both JVector configurations share: vectors, metric and a graph built as its tutorials and
 * its own benchmark do (degree 32, overflow 1.2, alpha 1.2, hierarchy, refinement).
 */
final class JVectorGraph {

  static final String FILE = "jvector.graph";

  private static final float OVERFLOW = 1.2f;
  private static final float ALPHA = 1.2f;

  private JVectorGraph() {}

  /** Loaded only where vectors are made: finding its kernels is slow and JVector logs about it. */
  private static final class Types {
    static final VectorTypeSupport SUPPORT =
        VectorizationProvider.getInstance().getVectorTypeSupport();
  }

  static Parameters defaults() {
    return Parameters.of("degree", 32, "beamWidth", 100);
  }

  /** Which kernels run: native ones if the library found them. */
  static String kernels() {
    return VectorizationProvider.getInstance()
        .getClass()
        .getSimpleName()
        .replace("Vectorization", "");
  }

  static VectorFloat<?> vector(float[] values) {
    return Types.SUPPORT.createFloatVector(values);
  }

  static RandomAccessVectorValues vectors(DataSet set) throws IOException {
    List<VectorFloat<?>> vectors = new ArrayList<>(set.baseCount());
    BaseRows.forEach(set, (_, row) -> vectors.add(vector(row)));
    return new ListRandomAccessVectorValues(vectors, set.dimension());
  }

  /** A dot product has no other name for negative ones here: JVector ranks by it all the same. */
  static VectorSimilarityFunction similarity(DataSet set) {
    return switch (set.metric()) {
      case COSINE ->
          set.unitLength() ? VectorSimilarityFunction.DOT_PRODUCT : VectorSimilarityFunction.COSINE;
      case DOT -> VectorSimilarityFunction.DOT_PRODUCT;
      case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
    };
  }

  @SuppressWarnings("deprecation") // its successor takes hierarchy and refinement from JMX only
  static GraphIndexBuilder builder(
      BuildScoreProvider scores, DataSet set, Parameters parameters, ForkJoinPool pool) {
    return new GraphIndexBuilder(
        scores,
        set.dimension(),
        parameters.integer("degree"),
        parameters.integer("beamWidth"),
        OVERFLOW,
        ALPHA,
        true,
        true,
        pool,
        pool);
  }
}
