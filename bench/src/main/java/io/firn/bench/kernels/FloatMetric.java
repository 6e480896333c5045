package io.firn.bench.kernels;

/** Which float32 kernels to measure. */
public enum FloatMetric {
  L2,
  PRODUCT,
  COSINE,
  L1
}
