package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Eight bits for each dimension, over the range of each vector: {@code value ≈ lower + step ·
 * code}, so that no value is off by more than half a step. Needs no training. Immutable, for any
 * thread.
 *
 * <p>An encoded row, little-endian. D is the dimension, P is D rounded up to a multiple of 16, and
 * {@link #codeBytes} is P + 16 rounded up to a multiple of 64, so that rows at multiples of it in
 * memory aligned to 64 stay aligned:
 *
 * <pre>
 * offset          bytes  field
 *      0              D  codes       unsigned, one byte for a dimension
 *      D  codeBytes-16-D  zero
 * codeBytes-16        4  lower       float32, the smallest value of the row
 * codeBytes-12        4  step        float32, range / 255; 0 if all values are equal
 * codeBytes-8         4  sum         int32, Σ code
 * codeBytes-4         4  squareSum   int32, Σ code²
 * </pre>
 *
 * <p>The two sums are exact, so estimates suffer no cancellation in float32 when rows lie far from
 * the origin. Any finite row can be encoded.
 */
public final class ScalarQuantizer {

  /** Largest dimension; {@code squareSum} then still fits. */
  public static final int MAX_DIMENSION = 10_000;

  static final int FACTOR_BYTES = 16;

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final int LEVELS = 255;
  private static final int KERNEL_STEP = 16;
  private static final int CACHE_LINE_BYTES = 64;

  private final int dimension;
  private final int paddedDimension;
  private final int codeBytes;

  /**
   * @param dimension floats of a row, 1..{@value #MAX_DIMENSION}
   */
  public ScalarQuantizer(int dimension) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension must be 1..%d but is %d: the sums of a row are ints. Split longer vectors."
              .formatted(MAX_DIMENSION, dimension));
    }
    this.dimension = dimension;
    this.paddedDimension = Math.ceilDiv(dimension, KERNEL_STEP) * KERNEL_STEP;
    this.codeBytes =
        Math.ceilDiv(paddedDimension + FACTOR_BYTES, CACHE_LINE_BYTES) * CACHE_LINE_BYTES;
  }

  /** Floats of a row. */
  public int dimension() {
    return dimension;
  }

  /** Bytes of one encoded row with its factors: a multiple of 64. */
  public int codeBytes() {
    return codeBytes;
  }

  /** Codes a kernel reads: the dimension with the zeros behind it, a multiple of 16. */
  int paddedDimension() {
    return paddedDimension;
  }

  /**
   * Encodes a row into {@code target[offset .. offset + codeBytes())}.
   *
   * @param row at least {@link #dimension} finite floats
   * @throws IndexOutOfBoundsException if the row or its place is too short
   */
  public void encode(float[] row, MemorySegment target, long offset) {
    Objects.checkFromIndexSize(0, dimension, row.length);
    encode(MemorySegment.ofArray(row), 0, target, offset);
  }

  /**
   * Encodes {@link #dimension} little-endian floats at {@code rowOffset} into {@code target[offset
   * .. offset + codeBytes())}.
   *
   * @throws IndexOutOfBoundsException if the row or its place leaves its segment
   */
  public void encode(MemorySegment rows, long rowOffset, MemorySegment target, long offset) {
    Objects.checkFromIndexSize(rowOffset, 4L * dimension, rows.byteSize());
    Objects.checkFromIndexSize(offset, codeBytes, target.byteSize());
    float lower = Float.POSITIVE_INFINITY;
    float upper = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < dimension; i++) {
      float value = rows.get(FLOAT, rowOffset + 4L * i);
      lower = Math.min(lower, value);
      upper = Math.max(upper, value);
    }
    float step = (float) (((double) upper - lower) / LEVELS);
    double perStep = step == 0 ? 0 : 1.0 / step;
    int sum = 0;
    int squareSum = 0;
    for (int i = 0; i < dimension; i++) {
      double value = rows.get(FLOAT, rowOffset + 4L * i);
      int code = Math.min(LEVELS, (int) ((value - lower) * perStep + 0.5));
      target.set(ValueLayout.JAVA_BYTE, offset + i, (byte) code);
      sum += code;
      squareSum += code * code;
    }
    long factorsAt = offset + codeBytes - FACTOR_BYTES;
    target.asSlice(offset + dimension, factorsAt - offset - dimension).fill((byte) 0);
    target.set(FLOAT, factorsAt, lower);
    target.set(FLOAT, factorsAt + 4, step);
    target.set(INT, factorsAt + 8, sum);
    target.set(INT, factorsAt + 12, squareSum);
  }

  /**
   * Decodes a row into {@code row[0 .. dimension())}; each value is within half a step of the
   * original, {@code range / 510}.
   */
  public void decode(MemorySegment codes, long offset, float[] row) {
    float lower = lower(codes, offset);
    float step = step(codes, offset);
    for (int i = 0; i < dimension; i++) {
      int code = Byte.toUnsignedInt(codes.get(ValueLayout.JAVA_BYTE, offset + i));
      row[i] = (float) (lower + (double) step * code);
    }
  }

  /** Creates scratch for queries against rows of this quantizer, to be used by one thread. */
  public ScalarQuery query() {
    return new ScalarQuery(this);
  }

  float lower(MemorySegment codes, long offset) {
    return codes.get(FLOAT, offset + codeBytes - FACTOR_BYTES);
  }

  float step(MemorySegment codes, long offset) {
    return codes.get(FLOAT, offset + codeBytes - FACTOR_BYTES + 4);
  }

  int sum(MemorySegment codes, long offset) {
    return codes.get(INT, offset + codeBytes - FACTOR_BYTES + 8);
  }

  int squareSum(MemorySegment codes, long offset) {
    return codes.get(INT, offset + codeBytes - FACTOR_BYTES + 12);
  }
}
