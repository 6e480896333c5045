package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** A query against codes of a {@link RabitqQuantizer}. Reusable; one thread at a time. */
public final class RabitqQuery implements PreparedQuery {

  private final Centring centring;
  private final RabitqEstimates estimates;
  private final float[] residual;

  RabitqQuery(RabitqQuantizer quantizer) {
    this.centring = quantizer.centring();
    this.estimates = quantizer.layout().estimates();
    this.residual = new float[centring.length()];
  }

  @Override
  public RabitqQuery prepare(float[] query) {
    Objects.checkFromIndexSize(0, centring.dimension(), query.length);
    System.arraycopy(query, 0, residual, 0, centring.dimension());
    centring.apply(residual);
    double squaredNorm = DoubleProduct.of(residual, residual, residual.length);
    double constant =
        switch (centring.distance()) {
          case SQUARED_L2 -> squaredNorm;
          case INNER_PRODUCT -> -centring.withCentroid(residual);
          case COSINE -> 1 - centring.withCentroid(residual);
        };
    estimates.prepare(residual, (float) constant, (float) Math.sqrt(squaredNorm));
    return this;
  }

  @Override
  public float estimateRow(MemorySegment codes, int row) {
    return estimates.estimate(codes, row);
  }

  @Override
  public float deviationRow(MemorySegment codes, int row) {
    return estimates.deviation(codes, row);
  }

  @Override
  public void estimateBlock(
      MemorySegment codes, int block, int count, float[] distances, float[] deviations) {
    estimates.estimateBlock(codes, block, count, distances, deviations);
  }

  @Override
  public int below(
      MemorySegment codes,
      int block,
      int count,
      float threshold,
      float width,
      int[] found,
      float[] distances,
      float[] deviations) {
    return estimates.below(codes, block, count, threshold, width, found, distances, deviations);
  }

  @Override
  public int next(MemorySegment codes, int from, int end, float threshold, float width) {
    return estimates.next(codes, from, end, threshold, width);
  }
}
