package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Product quantization (Jégou, Douze, Schmid 2011): the dimensions are cut into subspaces, and each
 * part of a row is replaced by the nearest of 256 or 16 centroids of its subspace. For codes of
 * less than a bit a dimension, and for those who expect it. Immutable, for any thread.
 *
 * <p>Subspace {@code s} of {@code n} holds dimensions {@code ⌊sD/n⌋ .. ⌊(s+1)D/n⌋}. A row is {@code
 * n} bytes with 8 bits; with 4 bits ⌈n/2⌉, subspace {@code s} in byte {@code s/2}, low bits if s is
 * even. No factors: the deviation is one for all rows, measured on the training sample.
 */
public final class ProductQuantizer implements Quantizer {

  private final Distance distance;
  private final int bits;
  private final Codebooks codebooks;
  private final float squaredError;

  ProductQuantizer(Distance distance, int bits, Codebooks codebooks, float squaredError) {
    this.distance = distance;
    this.bits = bits;
    this.codebooks = codebooks;
    this.squaredError = squaredError;
  }

  /**
   * Trains codebooks by k-means.
   *
   * @param sample rows; at most {@value Codebooks#MAX_SAMPLE_ROWS} of them are used, evenly spread
   * @param subspaces parts of a row, 1..dimension: with 8 bits, the bytes of a code
   * @param bits 8 or 4: the logarithm of the centroids of a subspace
   * @param seed of the first centroids; equal seeds and samples give equal codebooks
   * @param progress hears of it and may end it
   */
  public static ProductQuantizer train(
      FloatRows sample, int subspaces, int bits, Distance distance, long seed, Progress progress) {
    if (bits != 8 && bits != 4) {
      throw new IllegalArgumentException(
          "bits must be 8 or 4 but is %d: codes are bytes or halves of them. Change subspaces for other sizes."
              .formatted(bits));
    }
    if (subspaces < 1 || subspaces > sample.dimension()) {
      throw new IllegalArgumentException(
          "subspaces must be 1..%d but is %d: each needs a dimension. Use a quarter of the dimension if unsure."
              .formatted(sample.dimension(), subspaces));
    }
    var training = new CodebookTraining(sample, distance, subspaces, bits, seed);
    Codebooks codebooks = training.run(progress);
    return new ProductQuantizer(distance, bits, codebooks, training.squaredError());
  }

  @Override
  public String name() {
    return "product-%dx%d".formatted(codebooks.subspaces(), bits);
  }

  @Override
  public int dimension() {
    return codebooks.dimension();
  }

  @Override
  public Distance distance() {
    return distance;
  }

  int bits() {
    return bits;
  }

  Codebooks codebooks() {
    return codebooks;
  }

  /** Mean squared length of what a code leaves of a row. */
  float squaredError() {
    return squaredError;
  }

  int codeBytes() {
    return Math.ceilDiv(codebooks.subspaces() * bits, Byte.SIZE);
  }

  @Override
  public long codesBytes(int rows) {
    return (long) rows * codeBytes();
  }

  @Override
  public void encode(FloatRows rows, int first, int count, MemorySegment codes) {
    Encoding.requireWholeBlocks(this, rows, first, count, codes);
    float[] row = new float[dimension()];
    float[] distances = new float[codebooks.centroids()];
    for (int i = first; i < first + count; i++) {
      rows.copy(i, row);
      if (distance == Distance.COSINE) {
        Centroid.normalise(row, row.length);
      }
      codes.asSlice(codesBytes(i), codeBytes()).fill((byte) 0);
      for (int s = 0; s < codebooks.subspaces(); s++) {
        put(codes, i, s, codebooks.nearest(s, row, distances));
      }
    }
  }

  private void put(MemorySegment codes, int row, int subspace, int code) {
    long at = codesBytes(row) + (long) subspace * bits / Byte.SIZE;
    int kept = codes.get(ValueLayout.JAVA_BYTE, at);
    int shift = subspace * bits % Byte.SIZE;
    codes.set(ValueLayout.JAVA_BYTE, at, (byte) (kept | (code << shift)));
  }

  int code(MemorySegment codes, int row, int subspace) {
    long at = codesBytes(row) + (long) subspace * bits / Byte.SIZE;
    int both = codes.get(ValueLayout.JAVA_BYTE, at);
    return (both >>> (subspace * bits % Byte.SIZE)) & ((1 << bits) - 1);
  }

  @Override
  public void decodeRow(MemorySegment codes, int row, float[] into) {
    Objects.checkFromIndexSize(0, dimension(), into.length);
    for (int s = 0; s < codebooks.subspaces(); s++) {
      codebooks.copy(s, code(codes, row, s), into);
    }
  }

  @Override
  public ProductQuery query() {
    return new ProductQuery(this);
  }

  @Override
  public long stateBytes() {
    return QuantizerBlock.bytes(codebooks.values().length + 1);
  }

  @Override
  public void writeTo(MemorySegment target) {
    QuantizerBlock.write(this, target);
  }

  @Override
  public String toString() {
    return name() + " for " + distance();
  }
}
