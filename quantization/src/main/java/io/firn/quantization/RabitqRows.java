package io.firn.quantization;

import java.lang.foreign.MemorySegment;

/**
 * Codes of 5 to 8 bits, row by row. A row is its fields, the high bits of the code values first,
 * then its factors; D' is the padded dimension, row {@code i} begins at {@code i} times its bytes.
 *
 * <pre>
 * bits  fields of      bytes of a row
 *    5  4, 1 bits      5/8 D' + 16     (1 bit: at least 16 bytes for each 128 dimensions begun)
 *    6  4, 2 bits      6/8 D' + 16
 *    7  4, 2, 1 bits   7/8 D' + 16
 *    8  8 bits             D' + 16
 *
 * factors, after the fields: float32 add, rescale, deviation, ‖r‖²
 * </pre>
 *
 * A field's bits lie in sixteen columns as drawn at {@link FieldProduct}.
 */
record RabitqRows(int length, int bits) implements RabitqLayout {

  private static final FieldProduct PRODUCT = FieldProduct.choose();
  private static final int FACTOR_BYTES = 16;

  private int rowBytes() {
    return fieldsBytes() + FACTOR_BYTES;
  }

  private int fieldsBytes() {
    int bytes = 0;
    for (int left = bits; left > 0; left -= width(left)) {
      bytes += FieldProduct.bytes(length, width(left));
    }
    return bytes;
  }

  /** Width of the next field when {@code left} low bits of the codes are still to come. */
  private static int width(int left) {
    return Integer.highestOneBit(left);
  }

  private long at(int row) {
    return (long) row * rowBytes();
  }

  private long factorsAt(int row) {
    return at(row) + fieldsBytes();
  }

  @Override
  public long codesBytes(int rows) {
    return at(rows);
  }

  @Override
  public void putRow(MemorySegment codes, int row, RabitqEncoder encoder, RabitqBlock block) {
    long at = at(row);
    for (int left = bits; left > 0; left -= width(left)) {
      int width = width(left);
      FieldCodes.put(codes, at, encoder.codes(), length, left - width, width);
      at += FieldProduct.bytes(length, width);
    }
  }

  @Override
  public void putBlock(MemorySegment codes, int index, RabitqBlock block, int count) {
    for (int i = 0; i < count; i++) {
      long at = factorsAt(index * Quantizer.BLOCK_ROWS + i);
      codes.set(FloatRows.FLOAT, at, block.add[i]);
      codes.set(FloatRows.FLOAT, at + 4, block.rescale[i]);
      codes.set(FloatRows.FLOAT, at + 8, block.deviation[i]);
      codes.set(FloatRows.FLOAT, at + 12, block.squaredNorm[i]);
    }
  }

  @Override
  public void decode(MemorySegment codes, int row, float[] residual) {
    long at = at(row);
    java.util.Arrays.fill(residual, 0.5f * (1 - (1 << bits)));
    for (int left = bits; left > 0; left -= width(left)) {
      int width = width(left);
      FieldCodes.addTo(codes, at, residual, length, left - width, width);
      at += FieldProduct.bytes(length, width);
    }
    double codeSquares = 0;
    for (float level : residual) {
      codeSquares += (double) level * level;
    }
    float scale = (float) Math.sqrt(codes.get(FloatRows.FLOAT, at + 12) / codeSquares);
    for (int i = 0; i < length; i++) {
      residual[i] *= scale;
    }
  }

  @Override
  public Estimates estimates() {
    return new Estimates(this);
  }

  /** One query against such rows. */
  static final class Estimates implements RabitqEstimates {

    private final RabitqRows layout;
    private final float[] query;
    private float constant;
    private float norm;
    private double centre;

    Estimates(RabitqRows layout) {
      this.layout = layout;
      this.query = new float[layout.length];
    }

    @Override
    public void prepare(float[] rotated, float constant, float norm) {
      System.arraycopy(rotated, 0, query, 0, query.length);
      this.constant = constant;
      this.norm = norm;
      double sum = 0;
      for (float value : rotated) {
        sum += value;
      }
      this.centre = 0.5 * ((1 << layout.bits) - 1) * sum;
    }

    @Override
    public float estimate(MemorySegment codes, int row) {
      long at = layout.at(row);
      double product = 0;
      for (int left = layout.bits; left > 0; left -= width(left)) {
        int width = width(left);
        product +=
            FieldProduct.anyWidth(PRODUCT, query, codes, at, layout.length, width)
                * (1 << (left - width));
        at += FieldProduct.bytes(layout.length, width);
      }
      float add = codes.get(FloatRows.FLOAT, at);
      return (float) (add + constant + codes.get(FloatRows.FLOAT, at + 4) * (product - centre));
    }

    @Override
    public float deviation(MemorySegment codes, int row) {
      long at = layout.factorsAt(row);
      double add = Math.abs(codes.get(FloatRows.FLOAT, at));
      double rowNorm = Math.sqrt(codes.get(FloatRows.FLOAT, at + 12));
      double terms = add + Math.abs(constant) + 2 * rowNorm * norm;
      return (float) (codes.get(FloatRows.FLOAT, at + 8) * norm + FLOAT_ROUNDING * terms);
    }

    @Override
    public void estimateBlock(
        MemorySegment codes, int block, int count, float[] estimates, float[] deviations) {
      int first = block * Quantizer.BLOCK_ROWS;
      for (int i = 0; i < count; i++) {
        estimates[i] = estimate(codes, first + i);
        deviations[i] = deviation(codes, first + i);
      }
    }

    @Override
    public int below(
        MemorySegment codes,
        int block,
        int count,
        float threshold,
        float width,
        int[] found,
        float[] estimates,
        float[] deviations) {
      estimateBlock(codes, block, count, estimates, deviations);
      return PreparedQuery.compact(count, threshold, width, found, estimates, deviations);
    }

    @Override
    public int next(MemorySegment codes, int from, int end, float threshold, float width) {
      return from;
    }
  }
}
