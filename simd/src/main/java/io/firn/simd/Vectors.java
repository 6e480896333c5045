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
   * Returns the smallest of {@code dimension} floats. Without vectors, as {@link #max}: in some
   * JVMs C2 leaves their minimum out of its intrinsics, and then each step allocates. Beside the
   * codes that are made of the same floats the difference is nothing.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float min(float[] v, int dimension) {
    check(v, dimension);
    float least0 = v[0];
    float least1 = least0;
    int i = 1;
    for (; i < dimension - 1; i += 2) {
      least0 = Math.min(least0, v[i]);
      least1 = Math.min(least1, v[i + 1]);
    }
    return Math.min(i < dimension ? Math.min(least0, v[i]) : least0, least1);
  }

  /**
   * Returns the largest of {@code dimension} floats.
   *
   * @throws IndexOutOfBoundsException if {@code v} is shorter or {@code dimension} less than 1
   */
  public static float max(float[] v, int dimension) {
    check(v, dimension);
    float most0 = v[0];
    float most1 = most0;
    int i = 1;
    for (; i < dimension - 1; i += 2) {
      most0 = Math.max(most0, v[i]);
      most1 = Math.max(most1, v[i + 1]);
    }
    return Math.max(i < dimension ? Math.max(most0, v[i]) : most0, most1);
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
