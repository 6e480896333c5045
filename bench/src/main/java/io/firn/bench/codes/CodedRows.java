package io.firn.bench.codes;

/** Rows of a set in one kind of code. One thread. */
interface CodedRows {

  /** Bytes of a row, factors and padding included, codebooks and centroids not. */
  double bytesPerRow();

  /** Rows encoded in a second of one thread's CPU time. */
  double encodedPerSecond();

  /** Writes an estimate for every row, smaller for nearer; the scale is the code's own. */
  void estimate(float[] query, float[] estimates);
}
