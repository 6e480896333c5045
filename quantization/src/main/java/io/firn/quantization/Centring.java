package io.firn.quantization;

import io.firn.simd.Rotation;

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
      Centroid.normalise(vector, centroid.length);
    }
    for (int i = 0; i < centroid.length; i++) {
      vector[i] -= centroid[i];
    }
    rotation.rotate(vector, vector);
  }

  /** Turns a rotated residual, which is lost, back into a vector, of unit length under COSINE. */
  void invert(float[] residual, float[] vector) {
    rotation.rotateBack(residual, residual);
    for (int i = 0; i < centroid.length; i++) {
      vector[i] = residual[i] + centroid[i];
    }
  }

  /** ⟨v, c⟩ of the vector v behind a residual. */
  double withCentroid(float[] residual) {
    return alongCentroid(residual) + DoubleProduct.of(centroid, centroid, centroid.length);
  }

  /** ⟨residual, rotated centroid⟩ = ⟨o - c, c⟩. */
  double alongCentroid(float[] residual) {
    return DoubleProduct.of(residual, rotatedCentroid, residual.length);
  }
}
