package io.firn.bench.engine;

import io.firn.bench.data.DataSet;
import org.apache.lucene.index.VectorSimilarityFunction;

/** What Lucene calls the metric of a set. */
public final class LuceneSimilarity {

  private LuceneSimilarity() {}

  /** The function that orders as the set's metric does. */
  public static VectorSimilarityFunction of(DataSet set) {
    return switch (set.metric()) {
      case COSINE ->
          set.unitLength() ? VectorSimilarityFunction.DOT_PRODUCT : VectorSimilarityFunction.COSINE;
      case DOT -> VectorSimilarityFunction.MAXIMUM_INNER_PRODUCT;
      case EUCLIDEAN -> VectorSimilarityFunction.EUCLIDEAN;
    };
  }
}
