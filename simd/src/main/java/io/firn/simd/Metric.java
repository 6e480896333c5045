package io.firn.simd;

/** What a float kernel sums over the dimensions; the constant its template is instantiated with. */
enum Metric {
  SQUARED_L2,
  L1,
  INNER_PRODUCT,
  COSINE
}
