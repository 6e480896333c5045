package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.simd.BlockScan;
import io.firn.simd.CodeBlock;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Codes of 1 to 4 bits in blocks of 32 rows, in the layout of {@link CodeBlock}, whose kernel
 * estimates a block at once. D' is the padded dimension, B the bits; block {@code b} begins at
 * {@code b} times the bytes of a block, {@code 320 + 4 B D'}.
 *
 * <pre>
 * offset       bytes  content
 *      0         128  per row: int32, upper half the deviation as the upper half of a float32
 *                     rounded up, lower half the row's place in the block
 *    128          16  float32 addBase, addStep, rescaleBase, rescaleStep
 *    144           4  float32 the largest deviation of the block
 *    148           4  float32 slack: what rounding adds to an estimate, at most
 *    152           4  float32 the same for each unit of ‖x̄‖‖y‖
 *    156           4  float32 the rescale of greatest magnitude, without its sign
 *    160          32  zero
 *    192         128  uint16 add per row, then uint16 rescale per row
 *    320      4·B·D'  bit planes
 * </pre>
 *
 * <p>The deviations lie where {@link CodeBlock} has neighbour ids, so its kernel delivers them with
 * the estimates. Rows that do not exist are empty slots. Factors are rounded to a 65534th of their
 * range within the block; half of a step of each is part of every bound.
 */
final class RabitqBlocks implements RabitqLayout {

  /** Most bits {@link CodeBlock} holds. */
  static final int MAX_BITS = 4;

  private static final int ROWS = Quantizer.BLOCK_ROWS;
  private static final int IDS_AT = 0;
  private static final int AFFINE_AT = 128;
  private static final int LARGEST_DEVIATION_AT = 144;
  private static final int SLACK_AT = 148;
  private static final int PRODUCT_SLACK_AT = 152;
  private static final int LARGEST_RESCALE_AT = 156;
  private static final int FACTORS_AT = 192;
  private static final int CODES_AT = 320;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

  private final CodeBlock block;
  private final double weight;
  private final long blockBytes;

  /**
   * @param weight what factors are multiplied with: 2 for squared distances, else 1
   */
  RabitqBlocks(int length, int bits, double weight) {
    this.weight = weight;
    this.blockBytes = CODES_AT + CodeBlock.codesBytes(length, bits);
    this.block = block(length, bits);
  }

  private static CodeBlock block(int length, int bits) {
    return new CodeBlock(length, bits, IDS_AT, AFFINE_AT, CODES_AT, FACTORS_AT);
  }

  CodeBlock block() {
    return block;
  }

  /** How such blocks are scanned, with the four floats from 144 on as margins; null if not so. */
  @Nullable BlockScan scan() {
    boolean fits = block.bits() == 1 && block.dimension() <= BlockScan.MAX_DIMENSION;
    return fits ? new BlockScan(block, blockBytes, LARGEST_DEVIATION_AT) : null;
  }

  long at(int index) {
    return index * blockBytes;
  }

  @Override
  public long codesBytes(int rows) {
    return at(Math.ceilDiv(rows, ROWS));
  }

  @Override
  public void putRow(MemorySegment codes, int row, RabitqEncoder encoder, RabitqBlock rows) {
    rows.takeCode(row % ROWS, encoder);
  }

  @Override
  public void putBlock(MemorySegment codes, int index, RabitqBlock rows, int count) {
    long at = at(index);
    codes.asSlice(at, CODES_AT).fill((byte) 0);
    block.putAll(codes, at, rows.planes(), count);
    BlockFactors.put(codes, at + AFFINE_AT, at + FACTORS_AT, rows, count);
    float largest = 0;
    for (int i = 0; i < ROWS; i++) {
      int rounded = i < count ? roundedUp(rows.deviation[i]) : 0;
      largest = Math.max(largest, Float.intBitsToFloat(rounded));
      codes.set(INT, at + IDS_AT + 4L * i, rounded | i);
    }
    codes.set(FloatRows.FLOAT, at + LARGEST_DEVIATION_AT, largest);
    putSlack(codes, at);
  }

  /** Half a step of each factor, the most that their rounding can add, and that of floats. */
  private static void putSlack(MemorySegment codes, long at) {
    double addBase = codes.get(FloatRows.FLOAT, at + AFFINE_AT);
    double addStep = codes.get(FloatRows.FLOAT, at + AFFINE_AT + 4);
    double rescaleBase = codes.get(FloatRows.FLOAT, at + AFFINE_AT + 8);
    double rescaleStep = codes.get(FloatRows.FLOAT, at + AFFINE_AT + 12);
    double largestAdd = Math.max(Math.abs(addBase), Math.abs(addBase + CodeBlock.EMPTY * addStep));
    double slack = 0.5 * addStep + RabitqEstimates.FLOAT_ROUNDING * largestAdd;
    double productSlack =
        0.5 * rescaleStep + RabitqEstimates.FLOAT_ROUNDING * Math.abs(rescaleBase);
    codes.set(FloatRows.FLOAT, at + SLACK_AT, Math.nextUp((float) slack));
    codes.set(FloatRows.FLOAT, at + PRODUCT_SLACK_AT, Math.nextUp((float) productSlack));
    codes.set(FloatRows.FLOAT, at + LARGEST_RESCALE_AT, (float) -rescaleBase); // all are negative
  }

  /** Bits of a float no smaller, with a lower half of zeros. */
  private static int roundedUp(float deviation) {
    return (Float.floatToRawIntBits(deviation) + 0xFFFF) & 0xFFFF_0000;
  }

  @Override
  public void decode(MemorySegment codes, int row, float[] residual) {
    long at = at(row / ROWS);
    double codeSquares = 0;
    for (int i = 0; i < residual.length; i++) {
      residual[i] = block.get(codes, at, row % ROWS, i) - 0.5f * ((1 << block.bits()) - 1);
      codeSquares += (double) residual[i] * residual[i];
    }
    // ρ²‖x̄‖² = ‖r‖²(1 + tan²): from it and the deviation, ‖r‖, and the length of the projection
    double rho = Math.abs(rescale(codes, at, row % ROWS)) / weight;
    double deviation = deviation(codes, at, row % ROWS) / weight;
    double raised = rho * rho * codeSquares;
    double squaredNorm = Math.max(0, raised - deviation * deviation * (residual.length - 1.0));
    float scale = (float) (raised == 0 ? 0 : squaredNorm / raised * rho);
    for (int i = 0; i < residual.length; i++) {
      residual[i] *= scale;
    }
  }

  private double rescale(MemorySegment codes, long at, int place) {
    int steps =
        Short.toUnsignedInt(codes.get(BlockFactors.SHORT, at + FACTORS_AT + 64 + 2L * place));
    return codes.get(FloatRows.FLOAT, at + AFFINE_AT + 8)
        + (double) steps * codes.get(FloatRows.FLOAT, at + AFFINE_AT + 12);
  }

  static float deviation(int id) {
    return Float.intBitsToFloat(id & 0xFFFF_0000);
  }

  /** The stored deviation of a row's estimate, for ‖y‖ = 1. */
  static float deviation(MemorySegment codes, long at, int place) {
    return deviation(codes.get(INT, at + IDS_AT + 4L * place));
  }

  /** The largest of a block. */
  static float largestDeviation(MemorySegment codes, long at) {
    return codes.get(FloatRows.FLOAT, at + LARGEST_DEVIATION_AT);
  }

  static float largestRescale(MemorySegment codes, long at) {
    return codes.get(FloatRows.FLOAT, at + LARGEST_RESCALE_AT);
  }

  static float slack(MemorySegment codes, long at) {
    return codes.get(FloatRows.FLOAT, at + SLACK_AT);
  }

  static float productSlack(MemorySegment codes, long at) {
    return codes.get(FloatRows.FLOAT, at + PRODUCT_SLACK_AT);
  }

  @Override
  public RabitqBlockEstimates estimates() {
    return new RabitqBlockEstimates(this);
  }
}
