package io.firn.quantization;

/** What an estimate estimates; smaller is nearer in all of them. */
public enum Distance {
  /** Squared Euclidean distance, 0 or more. */
  SQUARED_L2,
  /** The negated inner product. */
  INNER_PRODUCT,
  /** One minus the cosine, 0 to 2; 1 where a vector has no length. */
  COSINE
}
