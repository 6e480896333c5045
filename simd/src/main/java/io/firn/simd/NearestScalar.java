package io.firn.simd;

/** Scalar twin of {@link NearestVector}. */
final class NearestScalar implements Nearest.Filter {

  @Override
  public long below(float[] distances, int at, int end, float worst) {
    long near = 0;
    for (int i = at, stop = Math.min(end, at + Long.SIZE); i < stop; i++) {
      if (distances[i] < worst) {
        near |= 1L << (i - at);
      }
    }
    return near;
  }
}
