package io.firn.quantization;

import io.firn.simd.Uint8Product;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A query against rows encoded by a {@link ScalarQuantizer}: the exact distance from the float32
 * query to the decoded row, up to rounding. Reusable: {@link #prepare} replaces the query without
 * allocating. One thread at a time.
 *
 * <p>The estimate differs from the distance to the original row by the row's code error e alone,
 * where ‖e‖ is at most half a step times √dimension: √SQUARED_L2 is off by at most ‖e‖, and an
 * INNER_PRODUCT by at most ‖query‖·‖e‖. Never NaN for finite queries.
 */
public final class ScalarQuery {

  private final ScalarQuantizer quantizer;
  private final int paddedDimension;
  private final float[] scaled; // the query divided by a power of two, so that no product overflows

  private Distance distance = Distance.SQUARED_L2;
  private double scale;
  private double sum;
  private double squaredNorm;

  ScalarQuery(ScalarQuantizer quantizer) {
    this.quantizer = quantizer;
    this.paddedDimension = quantizer.paddedDimension();
    this.scaled = new float[paddedDimension];
  }

  /**
   * Takes over a query.
   *
   * @param query at least {@code dimension} finite floats; copied
   * @param distance what {@link #estimate} returns from now on
   * @return this
   */
  public ScalarQuery prepare(float[] query, Distance distance) {
    Objects.checkFromIndexSize(0, quantizer.dimension(), query.length);
    this.distance = distance;
    float largest = 0;
    sum = 0;
    squaredNorm = 0;
    for (int i = 0; i < quantizer.dimension(); i++) {
      double value = query[i];
      largest = Math.max(largest, Math.abs(query[i]));
      sum += value;
      squaredNorm += value * value;
    }
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    scale = Math.scalb(1.0, exponent);
    for (int i = 0; i < quantizer.dimension(); i++) {
      scaled[i] = (float) (query[i] / scale);
    }
    return this;
  }

  /**
   * Estimates the distance to one row.
   *
   * @param codes bytes that hold an encoded row at {@code offset}; native memory is the fast case
   * @throws IndexOutOfBoundsException if the row leaves its segment
   */
  public float estimate(MemorySegment codes, long offset) {
    return distance(codes, offset, Uint8Product.product(scaled, codes, offset, paddedDimension));
  }

  /**
   * Estimates the distances to four rows, into {@code distances[at]} to {@code distances[at + 3]};
   * faster than four calls.
   *
   * @throws IndexOutOfBoundsException if a row leaves its segment or a result its array
   */
  public void estimate4(
      MemorySegment codes,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      float[] distances,
      int at) {
    Uint8Product.product4(
        scaled, codes, offset0, offset1, offset2, offset3, paddedDimension, distances, at);
    distances[at] = distance(codes, offset0, distances[at]);
    distances[at + 1] = distance(codes, offset1, distances[at + 1]);
    distances[at + 2] = distance(codes, offset2, distances[at + 2]);
    distances[at + 3] = distance(codes, offset3, distances[at + 3]);
  }

  private float distance(MemorySegment codes, long offset, float product) {
    double lower = quantizer.lower(codes, offset);
    double step = quantizer.step(codes, offset);
    double stepProduct = step * (product * scale); // the query's inner product with step · codes
    if (distance == Distance.INNER_PRODUCT) {
      return (float) -(lower * sum + stepProduct);
    }
    int dimension = quantizer.dimension();
    double codeSum = step * quantizer.sum(codes, offset);
    double codeNorm = step * step * quantizer.squareSum(codes, offset);
    if (distance == Distance.SQUARED_L2) {
      double toLower = squaredNorm + lower * (dimension * lower - 2 * sum);
      return (float) Math.max(0, toLower + 2 * lower * codeSum + codeNorm - 2 * stepProduct);
    }
    double rowNorm = dimension * lower * lower + 2 * lower * codeSum + codeNorm;
    double norms = Math.sqrt(squaredNorm * Math.max(0, rowNorm));
    if (norms == 0) {
      return 1;
    }
    return (float) Math.clamp(1 - (lower * sum + stepProduct) / norms, 0.0, 2.0);
  }
}
