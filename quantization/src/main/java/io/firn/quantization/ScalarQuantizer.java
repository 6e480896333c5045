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
public final class ScalarQuantizer implements Quantizer {

  /** Largest dimension; {@code squareSum} then still fits. */
  public static final int MAX_DIMENSION = 10_000;

  static final int FACTOR_BYTES = 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private static final int CACHE_LINE_BYTES = 64;

  private final int dimension;
  private final int bits;
  private final Distance distance;
  private final int paddedDimension;
  private final int codeBytes;

  /**
   * Eight bits, for queries that say what to estimate.
   *
   * @param dimension floats of a row, 1..{@value #MAX_DIMENSION}
   */
  public ScalarQuantizer(int dimension) {
    this(dimension, 8, Distance.SQUARED_L2);
  }

  /**
   * @param dimension floats of a row, 1..{@value #MAX_DIMENSION}
   * @param bits 8 or 4
   * @param distance what queries estimate unless they say otherwise
   */
  public ScalarQuantizer(int dimension, int bits, Distance distance) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension must be 1..%d but is %d: the sums of a row are ints. Split longer vectors."
              .formatted(MAX_DIMENSION, dimension));
    }
    if (bits != 8 && bits != 4) {
      throw new IllegalArgumentException(
          "bits must be 8 or 4 but is %d: no other width has a kernel. Use rabitq for other widths."
              .formatted(bits));
    }
    this.dimension = dimension;
    this.bits = bits;
    this.distance = distance;
    this.paddedDimension = Math.ceilDiv(dimension, 128 / bits) * (128 / bits);
    this.codeBytes =
        Math.ceilDiv(FieldProduct.bytes(paddedDimension, bits) + FACTOR_BYTES, CACHE_LINE_BYTES)
            * CACHE_LINE_BYTES;
  }

  @Override
  public String name() {
    return "scalar-" + bits;
  }

  @Override
  public Distance distance() {
    return distance;
  }

  /** Bits of a code: 8 or 4. */
  public int bits() {
    return bits;
  }

  @Override
  public long codesBytes(int rows) {
    return (long) rows * codeBytes;
  }

  @Override
  public void encode(FloatRows rows, int first, int count, MemorySegment codes) {
    Encoding.requireWholeBlocks(this, rows, first, count, codes);
    float[] row = new float[dimension];
    int[] values = new int[paddedDimension];
    for (int i = first; i < first + count; i++) {
      rows.copy(i, row);
      encode(row, values, codes, (long) i * codeBytes);
    }
  }

  @Override
  public void decodeRow(MemorySegment codes, int row, float[] into) {
    decode(codes, (long) row * codeBytes, into);
  }

  @Override
  public long stateBytes() {
    return QuantizerBlock.bytes(0);
  }

  @Override
  public void writeTo(MemorySegment target) {
    QuantizerBlock.write(this, target);
  }

  @Override
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
    encode(row, new int[paddedDimension], target, offset);
  }

  /**
   * Encodes {@link #dimension} little-endian floats at {@code rowOffset} into {@code target[offset
   * .. offset + codeBytes())}.
   *
   * @throws IndexOutOfBoundsException if the row or its place leaves its segment
   */
  public void encode(MemorySegment rows, long rowOffset, MemorySegment target, long offset) {
    float[] row = new float[dimension];
    MemorySegment.copy(rows, FloatRows.FLOAT, rowOffset, row, 0, dimension);
    encode(row, target, offset);
  }

  private void encode(float[] row, int[] values, MemorySegment target, long offset) {
    Objects.checkFromIndexSize(offset, codeBytes, target.byteSize());
    int levels = (1 << bits) - 1;
    float lower = Float.POSITIVE_INFINITY;
    float upper = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < dimension; i++) {
      lower = Math.min(lower, row[i]);
      upper = Math.max(upper, row[i]);
    }
    float step = (float) (((double) upper - lower) / levels);
    double perStep = step == 0 ? 0 : 1.0 / step;
    int sum = 0;
    int squareSum = 0;
    for (int i = 0; i < dimension; i++) {
      int code = Math.min(levels, (int) (((double) row[i] - lower) * perStep + 0.5));
      values[i] = code;
      sum += code;
      squareSum += code * code;
    }
    target.asSlice(offset, codeBytes).fill((byte) 0);
    FieldCodes.put(target, offset, values, paddedDimension, 0, bits);
    long factorsAt = offset + codeBytes - FACTOR_BYTES;
    target.set(FloatRows.FLOAT, factorsAt, lower);
    target.set(FloatRows.FLOAT, factorsAt + 4, step);
    target.set(INT, factorsAt + 8, sum);
    target.set(INT, factorsAt + 12, squareSum);
  }

  /**
   * Decodes a row into {@code row[0 .. dimension())}; each value is within half a step of the
   * original, {@code range / 510} with eight bits.
   */
  public void decode(MemorySegment codes, long offset, float[] row) {
    float lower = lower(codes, offset);
    double step = step(codes, offset);
    float[] levels = new float[paddedDimension];
    FieldCodes.addTo(codes, offset, levels, paddedDimension, 0, bits);
    for (int i = 0; i < dimension; i++) {
      row[i] = (float) (lower + step * levels[i]);
    }
  }

  @Override
  public ScalarQuery query() {
    return new ScalarQuery(this);
  }

  float lower(MemorySegment codes, long offset) {
    return codes.get(FloatRows.FLOAT, offset + codeBytes - FACTOR_BYTES);
  }

  float step(MemorySegment codes, long offset) {
    return codes.get(FloatRows.FLOAT, offset + codeBytes - FACTOR_BYTES + 4);
  }

  int sum(MemorySegment codes, long offset) {
    return codes.get(INT, offset + codeBytes - FACTOR_BYTES + 8);
  }

  int squareSum(MemorySegment codes, long offset) {
    return codes.get(INT, offset + codeBytes - FACTOR_BYTES + 12);
  }

  @Override
  public String toString() {
    return name() + " for " + distance();
  }
}
