package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A query against codes of a {@link ProductQuantizer}: a table of the distances to every centroid,
 * of which an estimate adds one entry for each subspace. Reusable; one thread at a time.
 */
public final class ProductQuery implements PreparedQuery {

  private final ProductQuantizer quantizer;
  private final Codebooks codebooks;
  private final float[] table;
  private final float[] copy;
  private double squaredNorm;

  ProductQuery(ProductQuantizer quantizer) {
    this.quantizer = quantizer;
    this.codebooks = quantizer.codebooks();
    this.table = new float[codebooks.subspaces() * codebooks.centroids()];
    this.copy = new float[codebooks.dimension()];
  }

  @Override
  public ProductQuery prepare(float[] query) {
    Objects.checkFromIndexSize(0, copy.length, query.length);
    System.arraycopy(query, 0, copy, 0, copy.length);
    if (quantizer.distance() == Distance.COSINE) {
      Centroid.normalise(copy, copy.length);
    }
    squaredNorm = 0;
    for (float value : copy) {
      squaredNorm += (double) value * value;
    }
    for (int s = 0; s < codebooks.subspaces(); s++) {
      if (quantizer.distance() == Distance.SQUARED_L2) {
        codebooks.squaredDistances(s, copy, table, s * codebooks.centroids());
      } else {
        codebooks.negatedProducts(s, copy, table, s * codebooks.centroids());
      }
    }
    return this;
  }

  @Override
  public float estimateRow(MemorySegment codes, int row) {
    float sum =
        switch (quantizer.distance()) {
          case SQUARED_L2 -> quantizer.squaredError(); // a centroid is nearer than its rows are
          case INNER_PRODUCT -> 0;
          case COSINE -> 1;
        };
    for (int s = 0; s < codebooks.subspaces(); s++) {
      sum += table[s * codebooks.centroids() + quantizer.code(codes, row, s)];
    }
    return sum;
  }

  /** As if the error of a code pointed in a random direction. */
  @Override
  public float deviationRow(MemorySegment codes, int row) {
    double alongOne = Math.sqrt(quantizer.squaredError() / codebooks.dimension());
    return (float)
        (quantizer.distance() == Distance.SQUARED_L2
            ? 2 * alongOne * Math.sqrt(Math.max(0, estimateRow(codes, row)))
            : alongOne * Math.sqrt(squaredNorm));
  }
}
