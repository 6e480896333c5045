package io.firn.simd;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * A random rotation in O(D log D): four rounds of random signs and a fast Hadamard transform of the
 * first (in odd rounds the last) 2^k coordinates; after each odd round a step of Kac's walk between
 * the halves. Lengths and inner products are kept; what a coordinate meant is spread over all.
 *
 * <p>The reference library of RaBitQ (arXiv:2409.09913) walks after every round. A coordinate
 * outside the first transform then meets a partner that the second leaves out, and a quarter of it
 * can stay in one place to the end. Here the first two transforms reach every coordinate before the
 * first step.
 *
 * <p>A dimension is padded with zeros to a multiple of 64. For a power of two the transform mixes
 * everything by itself, and Kac's step, which would undo its last stage, is left out. The result
 * depends on dimension and seed alone: it is equal, bit for bit, at every register width.
 *
 * <p>Immutable and safe for any thread.
 */
public final class Rotation {

  private static final int ROUNDS = 4;

  static final RotationKernel TWIN = new RotationScalar();

  static final KernelSlot<RotationKernel> SLOT =
      KernelSlot.of(RotationKernel.class, Kernels.VECTORIZED ? vector() : TWIN);

  private final int dimension;
  private final int paddedDimension;

  /** For each round, a sign and the scale that makes the round orthonormal. */
  private final float[][] factors = new float[ROUNDS][];

  /**
   * Creates the rotation that belongs to a seed.
   *
   * @param dimension dimensions of a vector, at least 1
   */
  public Rotation(int dimension, long seed) {
    if (dimension < 1) {
      throw new IllegalArgumentException(
          "dimension must be at least 1 but is %d: there is nothing to rotate. Pass the vectors' dimension."
              .formatted(dimension));
    }
    this.dimension = dimension;
    this.paddedDimension = Math.addExact(dimension, 63) & -64;
    var random = new SplittableRandom(seed);
    for (int round = 0; round < ROUNDS; round++) {
      factors[round] = factors(round, random);
    }
  }

  static RotationKernel vector() {
    return KernelTemplate.instantiate(RotationVector.class, RotationKernel.class, "");
  }

  /** Returns the floats of a rotated vector: the dimension rounded up to a multiple of 64. */
  public int paddedDimension() {
    return paddedDimension;
  }

  /**
   * Rotates a vector.
   *
   * @param vector at least {@code dimension} floats
   * @param rotated receives {@link #paddedDimension} floats; may be {@code vector} itself
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public void rotate(float[] vector, float[] rotated) {
    Objects.checkFromIndexSize(0, paddedDimension, rotated.length);
    System.arraycopy(vector, 0, rotated, 0, dimension);
    rotatePadded(rotated, 0, SLOT.get());
  }

  /**
   * Rotates a row of little-endian floats to {@code rotated[at]} and on.
   *
   * @throws IndexOutOfBoundsException if the row leaves its segment or the result its array
   */
  public void rotate(MemorySegment rows, long offset, float[] rotated, int at) {
    Objects.checkFromIndexSize(at, paddedDimension, rotated.length);
    MemorySegment.copy(rows, Rows.FLOAT, offset, rotated, at, dimension);
    rotatePadded(rotated, at, SLOT.get());
  }

  /**
   * Takes a rotation back: the inverse of {@link #rotate}, up to rounding.
   *
   * @param rotated at least {@link #paddedDimension} floats
   * @param vector receives {@link #paddedDimension} floats, those behind the dimension near zero if
   *     {@code rotated} is a rotated vector; may be {@code rotated} itself
   * @throws IndexOutOfBoundsException if an array is too short
   */
  public void rotateBack(float[] rotated, float[] vector) {
    rotateBack(rotated, vector, SLOT.get());
  }

  /** For tests: the same by a given kernel. */
  void rotate(float[] vector, float[] rotated, RotationKernel kernel) {
    System.arraycopy(vector, 0, rotated, 0, dimension);
    rotatePadded(rotated, 0, kernel);
  }

  /** Every pass is a symmetric matrix, so the transpose is the passes in reverse. */
  void rotateBack(float[] rotated, float[] vector, RotationKernel kernel) {
    Objects.checkFromIndexSize(0, paddedDimension, vector.length);
    System.arraycopy(rotated, 0, vector, 0, paddedDimension);
    int length = Integer.highestOneBit(paddedDimension);
    for (int round = ROUNDS - 1; round >= 0; round--) {
      if (walksAfter(round)) {
        kernel.crossHalves(vector, 0, paddedDimension);
      }
      kernel.transform(vector, transformAt(round), length);
      kernel.multiply(vector, 0, factors[round]);
    }
  }

  private void rotatePadded(float[] x, int at, RotationKernel kernel) {
    for (int i = at + dimension; i < at + paddedDimension; i++) {
      x[i] = 0;
    }
    int length = Integer.highestOneBit(paddedDimension);
    for (int round = 0; round < ROUNDS; round++) {
      kernel.multiply(x, at, factors[round]);
      kernel.transform(x, at + transformAt(round), length);
      if (walksAfter(round)) {
        kernel.crossHalves(x, at, paddedDimension);
      }
    }
  }

  private boolean walksAfter(int round) {
    return round % 2 == 1 && Integer.bitCount(paddedDimension) > 1;
  }

  private int transformAt(int round) {
    return round % 2 == 0 ? 0 : paddedDimension - Integer.highestOneBit(paddedDimension);
  }

  private float[] factors(int round, SplittableRandom random) {
    int length = Integer.highestOneBit(paddedDimension);
    double outside = walksAfter(round) ? Math.sqrt(0.5) : 1;
    double inside = outside / Math.sqrt(length);
    int from = transformAt(round);
    float[] result = new float[paddedDimension];
    for (int i = 0; i < paddedDimension; i++) {
      double scale = i >= from && i < from + length ? inside : outside;
      result[i] = (float) (random.nextBoolean() ? scale : -scale);
    }
    return result;
  }
}
