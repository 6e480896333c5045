package io.firn.quantization;

import io.firn.simd.Uint4Product;
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
public final class ScalarQuery implements PreparedQuery {

  private final ScalarQuantizer quantizer;
  private final int dimension;
  private final int paddedDimension;
  private final int bits;
  private final float[] scaled; // the query divided by a power of two, so that no product overflows

  private Distance distance;
  private double scale;
  private double sum;
  private double squaredNorm;

  ScalarQuery(ScalarQuantizer quantizer) {
    this.quantizer = quantizer;
    this.dimension = quantizer.dimension();
    this.paddedDimension = quantizer.paddedDimension();
    this.bits = quantizer.bits();
    this.distance = quantizer.distance();
    this.scaled = new float[paddedDimension];
  }

  @Override
  public ScalarQuery prepare(float[] query) {
    return prepare(query, quantizer.distance());
  }

  /**
   * Takes over a query.
   *
   * @param query at least {@code dimension} finite floats; copied
   * @param distance what {@link #estimate} returns from now on
   * @return this
   */
  public ScalarQuery prepare(float[] query, Distance distance) {
    Objects.checkFromIndexSize(0, dimension, query.length);
    this.distance = distance;
    float largest = 0;
    sum = 0;
    squaredNorm = 0;
    for (int i = 0; i < dimension; i++) {
      double value = query[i];
      largest = Math.max(largest, Math.abs(query[i]));
      sum += value;
      squaredNorm += value * value;
    }
    int exponent = largest == 0 ? 0 : Math.getExponent(largest);
    scale = Math.scalb(1.0, exponent);
    for (int i = 0; i < dimension; i++) {
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
    return distance(codes, offset, product(codes, offset));
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
    if (bits == 8) {
      Uint8Product.product4(
          scaled, codes, offset0, offset1, offset2, offset3, paddedDimension, distances, at);
    } else {
      Uint4Product.product4(
          scaled, codes, offset0, offset1, offset2, offset3, paddedDimension, distances, at);
    }
    distances[at] = distance(codes, offset0, distances[at]);
    distances[at + 1] = distance(codes, offset1, distances[at + 1]);
    distances[at + 2] = distance(codes, offset2, distances[at + 2]);
    distances[at + 3] = distance(codes, offset3, distances[at + 3]);
  }

  private float product(MemorySegment codes, long offset) {
    return bits == 8
        ? Uint8Product.product(scaled, codes, offset, paddedDimension)
        : Uint4Product.product(scaled, codes, offset, paddedDimension);
  }

  @Override
  public float estimateRow(MemorySegment codes, int row) {
    return estimate(codes, (long) row * quantizer.codeBytes());
  }

  @Override
  public float deviationRow(MemorySegment codes, int row) {
    long offset = (long) row * quantizer.codeBytes();
    return deviation(codes, offset, estimate(codes, offset));
  }

  @Override
  public void estimateBlock(
      MemorySegment codes, int block, int count, float[] estimates, float[] deviations) {
    long stride = quantizer.codeBytes();
    long at = (long) block * Quantizer.BLOCK_ROWS * stride;
    int i = 0;
    for (; i + 4 <= count; i += 4, at += 4 * stride) {
      estimate4(codes, at, at + stride, at + 2 * stride, at + 3 * stride, estimates, i);
    }
    for (; i < count; i++, at += stride) {
      estimates[i] = estimate(codes, at);
    }
    for (i = 0; i < count; i++) {
      deviations[i] =
          deviation(codes, (block * (long) Quantizer.BLOCK_ROWS + i) * stride, estimates[i]);
    }
  }

  /**
   * As if the code error of each dimension were uniform within its step, and independent. Where
   * dimensions are constant or copies of each other it is not, and the error may be larger.
   */
  private float deviation(MemorySegment codes, long offset, float estimate) {
    double error = quantizer.step(codes, offset) / Math.sqrt(12);
    return switch (distance) {
      case SQUARED_L2 -> (float) (2 * error * Math.sqrt(estimate) + error * error * dimension);
      case INNER_PRODUCT -> (float) (error * Math.sqrt(squaredNorm));
      case COSINE -> {
        double rowNorm = squaredNorm(codes, offset);
        yield (float) (rowNorm == 0 ? 0 : error / Math.sqrt(rowNorm));
      }
    };
  }

  private float distance(MemorySegment codes, long offset, float product) {
    double lower = quantizer.lower(codes, offset);
    double step = quantizer.step(codes, offset);
    double stepProduct = step * (product * scale); // the query's inner product with step · codes
    if (distance == Distance.INNER_PRODUCT) {
      return (float) -(lower * sum + stepProduct);
    }
    if (distance == Distance.SQUARED_L2) {
      double toLower = squaredNorm + lower * (dimension * lower - 2 * sum);
      return (float) Math.max(0, toLower + fromLower(codes, offset) - 2 * stepProduct);
    }
    double norms = Math.sqrt(squaredNorm * squaredNorm(codes, offset));
    if (norms == 0) {
      return 1;
    }
    return (float) Math.clamp(1 - (lower * sum + stepProduct) / norms, 0.0, 2.0);
  }

  /** ‖decoded row‖². */
  private double squaredNorm(MemorySegment codes, long offset) {
    double lower = quantizer.lower(codes, offset);
    return Math.max(0, dimension * lower * lower + fromLower(codes, offset));
  }

  /** What ‖decoded row‖² is more than dimension · lower². */
  private double fromLower(MemorySegment codes, long offset) {
    double lower = quantizer.lower(codes, offset);
    double step = quantizer.step(codes, offset);
    return step
        * (2 * lower * quantizer.sum(codes, offset) + step * quantizer.squareSum(codes, offset));
  }
}
