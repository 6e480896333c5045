package io.firn.simd;

import static io.firn.simd.Lanes.COUNT;
import static io.firn.simd.Lanes.FLOATS;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/** Comparison of a block of distances by vectors. */
final class NearestVector implements Nearest.Filter {

  private static final Nearest.Filter TAIL = new NearestScalar();

  NearestVector() {}

  @Override
  public long below(float[] distances, int at, int end, float worst) {
    if (end - at < Long.SIZE) {
      return TAIL.below(distances, at, end, worst);
    }
    long near = 0;
    for (int i = 0; i < Long.SIZE; i += COUNT) {
      near |= FloatVector.fromArray(FLOATS, distances, at + i).compare(LT, worst).toLong() << i;
    }
    return near;
  }
}
