package io.firn.bench.data;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Distances of one row to four queries at once, so that brute force reads each row a quarter as
 * often. Float precision; {@link GroundTruth} confirms near results in double.
 */
final class QuadKernel {

  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

  private QuadKernel() {}

  /** Writes four inner products to {@code out}. */
  static void dot(float[] rows, int at, float[][] q, int first, int dimension, float[] out) {
    float[] q0 = q[first];
    float[] q1 = q[first + 1];
    float[] q2 = q[first + 2];
    float[] q3 = q[first + 3];
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = LANES.loopBound(dimension); i < end; i += LANES.length()) {
      FloatVector row = FloatVector.fromArray(LANES, rows, at + i);
      s0 = row.fma(FloatVector.fromArray(LANES, q0, i), s0);
      s1 = row.fma(FloatVector.fromArray(LANES, q1, i), s1);
      s2 = row.fma(FloatVector.fromArray(LANES, q2, i), s2);
      s3 = row.fma(FloatVector.fromArray(LANES, q3, i), s3);
    }
    out[0] = s0.reduceLanes(VectorOperators.ADD);
    out[1] = s1.reduceLanes(VectorOperators.ADD);
    out[2] = s2.reduceLanes(VectorOperators.ADD);
    out[3] = s3.reduceLanes(VectorOperators.ADD);
    for (; i < dimension; i++) {
      out[0] += rows[at + i] * q0[i];
      out[1] += rows[at + i] * q1[i];
      out[2] += rows[at + i] * q2[i];
      out[3] += rows[at + i] * q3[i];
    }
  }

  /** Writes four squared Euclidean distances to {@code out}. */
  static void squares(float[] rows, int at, float[][] q, int first, int dimension, float[] out) {
    float[] q0 = q[first];
    float[] q1 = q[first + 1];
    float[] q2 = q[first + 2];
    float[] q3 = q[first + 3];
    FloatVector s0 = FloatVector.zero(LANES);
    FloatVector s1 = s0;
    FloatVector s2 = s0;
    FloatVector s3 = s0;
    int i = 0;
    for (int end = LANES.loopBound(dimension); i < end; i += LANES.length()) {
      FloatVector row = FloatVector.fromArray(LANES, rows, at + i);
      FloatVector d0 = row.sub(FloatVector.fromArray(LANES, q0, i));
      FloatVector d1 = row.sub(FloatVector.fromArray(LANES, q1, i));
      FloatVector d2 = row.sub(FloatVector.fromArray(LANES, q2, i));
      FloatVector d3 = row.sub(FloatVector.fromArray(LANES, q3, i));
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    out[0] = s0.reduceLanes(VectorOperators.ADD);
    out[1] = s1.reduceLanes(VectorOperators.ADD);
    out[2] = s2.reduceLanes(VectorOperators.ADD);
    out[3] = s3.reduceLanes(VectorOperators.ADD);
    for (; i < dimension; i++) {
      float row = rows[at + i];
      out[0] += (row - q0[i]) * (row - q0[i]);
      out[1] += (row - q1[i]) * (row - q1[i]);
      out[2] += (row - q2[i]) * (row - q2[i]);
      out[3] += (row - q3[i]) * (row - q3[i]);
    }
  }
}
