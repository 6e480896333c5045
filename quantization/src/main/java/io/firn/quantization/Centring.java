package io.firn.quantization;

import io.firn.simd.Rotation;
import java.util.Arrays;

/**
 * Brings vectors into the space that is coded: to unit length under {@link Distance#COSINE}, minus
 * the centroid, rotated. Distances between vectors stay what they were. Immutable.
 */
final class Centring {

  private final Distance distance;
  private final float[] centroid;
  private final Rotation rotation;
  private final float[] rotatedCentroid;

  Centring(Distance distance, float[] centroid, long seed) {
    this.distance = distance;
    this.centroid = centroid;
    this.rotation = new Rotation(centroid.length, seed);
    this.rotatedCentroid = new float[rotation.paddedDimension()];
    rotation.rotate(centroid, rotatedCentroid);
  }

  /** Floats of a coded vector: the dimension rounded up to a multiple of 64. */
  int length() {
    return rotation.paddedDimension();
  }

  int dimension() {
    return centroid.length;
  }

  Distance distance() {
    return distance;
  }

  float[] centroid() {
    return centroid;
  }

  float[] rotatedCentroid() {
    return rotatedCentroid;
  }

  /**
   * Replaces the first {@code dimension} floats of {@code vector} and the zeros behind them, {@link
   * #length} in all, by the rotated residual.
   */
  void apply(float[] vector) {
    if (distance == Distance.COSINE) {
      normalise(vector);
    }
    for (int i = 0; i < centroid.length; i++) {
      vector[i] -= centroid[i];
    }
    rotation.rotate(vector, vector);
  }

  /**
   * Turns a rotated residual back into a vector, of unit length under COSINE. The inverse of a
   * rotation is its transpose: coordinate {@code i} is the product with the rotated i-th unit
   * vector, O(D² log D) in all and no second transform to keep equal to the first.
   */
  void invert(float[] residual, float[] vector) {
    float[] unit = new float[residual.length];
    for (int i = 0; i < centroid.length; i++) {
      Arrays.fill(unit, 0);
      unit[i] = 1;
      rotation.rotate(unit, unit);
      vector[i] = (float) (product(residual, unit) + centroid[i]);
    }
  }

  /** ⟨v, c⟩ of the vector v behind a residual. */
  double withCentroid(float[] residual) {
    double squaredNorm = 0;
    for (float value : centroid) {
      squaredNorm += (double) value * value;
    }
    return alongCentroid(residual) + squaredNorm;
  }

  /** ⟨residual, rotated centroid⟩ = ⟨o - c, c⟩. */
  double alongCentroid(float[] residual) {
    return product(residual, rotatedCentroid);
  }

  private static double product(float[] a, float[] b) {
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
    }
    return product;
  }

  private void normalise(float[] vector) {
    double squares = 0;
    for (int i = 0; i < centroid.length; i++) {
      squares += (double) vector[i] * vector[i];
    }
    double factor = squares == 0 ? 0 : 1 / Math.sqrt(squares);
    for (int i = 0; i < centroid.length; i++) {
      vector[i] = (float) (vector[i] * factor);
    }
  }
}
