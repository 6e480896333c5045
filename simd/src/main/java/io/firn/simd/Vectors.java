package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * What a single float32 vector is asked before it is coded or stored. Stateless and safe for any
 * thread.
 */
public final class Vectors {

  private static final VectorKernel KERNEL =
      Kernels.VECTORIZED ? new VectorKernelVector() : new VectorKernelScalar();

  private Vectors() {}

  /**
   * Returns the smallest of {@code dimension} floats.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float min(float[] v, int dimension) {
    check(v, dimension);
    return KERNEL.min(v, dimension);
  }

  /**
   * Returns the largest of {@code dimension} floats.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float max(float[] v, int dimension) {
    check(v, dimension);
    return KERNEL.max(v, dimension);
  }

  /**
   * Returns the mean of {@code dimension} floats; lanes are summed in no fixed order.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float mean(float[] v, int dimension) {
    check(v, dimension);
    return KERNEL.sum(v, dimension) / dimension;
  }

  /**
   * Returns the sum of the squares of {@code dimension} floats, in one order on every machine: what
   * is normalized by it and stored is the same everywhere.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float squaredNorm(float[] v, int dimension) {
    check(v, dimension);
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    int i = 0;
    for (; i < dimension - 3; i += 4) {
      s0 += v[i] * v[i];
      s1 += v[i + 1] * v[i + 1];
      s2 += v[i + 2] * v[i + 2];
      s3 += v[i + 3] * v[i + 3];
    }
    for (; i < dimension; i++) {
      s0 += v[i] * v[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /**
   * Scales a vector to length 1, and leaves one without length as it is.
   *
   * @return the length it had
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float normalize(float[] v, int dimension) {
    check(v, dimension);
    float length = (float) Math.sqrt(squaredNorm(v, dimension));
    if (length > 0) {
      KERNEL.scale(v, dimension, 1 / length);
    }
    return length;
  }

  /**
   * Writes a row less a mean to {@code centered}.
   *
   * @param rows bytes that hold the row at {@code offset}, little-endian
   * @throws IndexOutOfBoundsException if the row leaves its segment or an array is shorter
   */
  public static void center(
      MemorySegment rows, long offset, float[] mean, int dimension, float[] centered) {
    check(mean, dimension);
    Objects.checkFromIndexSize(0, dimension, centered.length);
    MemorySegment.copy(rows, Rows.FLOAT, offset, centered, 0, dimension);
    KERNEL.subtract(centered, mean, dimension);
  }

  private static void check(float[] v, int dimension) {
    Objects.checkIndex(dimension - 1, v.length);
  }
}
