package io.firn;

/** How far apart two vectors are. Smaller is nearer, everywhere. */
public enum Metric {
  /**
   * {@code 1 - cos(a, b)}, in 0..2. Vectors keep their length in storage but it does not count;
   * zero vectors have no direction and are refused.
   */
  COSINE,
  /** {@code -⟨a, b⟩}, any sign: the largest inner product is the nearest. */
  DOT,
  /** {@code ‖a - b‖}, the straight-line distance, 0 or more. */
  EUCLIDEAN
}
