package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * RaBitQ codes of 1 to 8 bits for each dimension (Gao and Long, <a
 * href="https://arxiv.org/abs/2405.12497">arXiv:2405.12497</a> and <a
 * href="https://arxiv.org/abs/2409.09913">arXiv:2409.09913</a>): the direction of each row's
 * rotated residual from a centroid, and factors that make the estimate unbiased with a known
 * deviation.
 *
 * <p>With r = P(o - c), y = P(q - c), code x, x̄ = x - (2^B - 1)/2 and ρ = ‖r‖² / ⟨r, x̄⟩:
 *
 * <pre>
 *                 distance ≈ add + G(q) + rescale · ⟨x̄, y⟩
 * SQUARED_L2      add = ‖r‖²        G = ‖y‖²          rescale = -2ρ
 * INNER_PRODUCT   add = -⟨o - c, c⟩  G = -⟨q, c⟩       rescale = -ρ
 * COSINE          of rows and query brought to unit length: 1 + INNER_PRODUCT
 * deviation       |rescale| / ρ · ‖r‖ tan∠(r, x̄) / √(D' - 1) · ‖y‖
 * </pre>
 *
 * <p>D' is the dimension rounded up to a multiple of 64. Codes of 1 to 4 bits are stored in blocks
 * of 32 rows ({@link RabitqBlocks}), of 5 to 8 bits row by row ({@link RabitqRows}). Squared norms
 * must be within the range of a float.
 */
public final class RabitqQuantizer implements Quantizer {

  /** Most bits of a code value. */
  public static final int MAX_BITS = 8;

  private final int bits;
  private final long seed;
  private final Centring centring;
  private final RabitqLayout layout;

  /**
   * Creates a quantizer around a known centroid.
   *
   * @param bits 1..8
   * @param seed of the rotation; equal seeds and centroids give equal codes
   * @param centroid where rows lie around, under COSINE the mean of rows of unit length; copied
   */
  public RabitqQuantizer(int bits, Distance distance, long seed, float[] centroid) {
    if (bits < 1 || bits > MAX_BITS) {
      throw new IllegalArgumentException(
          "bits must be 1..8 but is %d: a code value is a byte at most. Use 1 for scans, 4 to search without reranking."
              .formatted(bits));
    }
    this.bits = bits;
    this.seed = seed;
    this.centring = new Centring(distance, centroid.clone(), seed);
    this.layout =
        bits <= RabitqBlocks.MAX_BITS
            ? new RabitqBlocks(centring.length(), bits, distance == Distance.SQUARED_L2 ? 2 : 1)
            : new RabitqRows(centring.length(), bits);
  }

  /**
   * Trains the centroid, the mean of a sample.
   *
   * @param sample rows; read once, in order
   * @param progress hears of it and may end it
   */
  public static RabitqQuantizer train(
      FloatRows sample, int bits, Distance distance, long seed, Progress progress) {
    return new RabitqQuantizer(bits, distance, seed, Centroid.mean(sample, distance, progress));
  }

  @Override
  public String name() {
    return "rabitq-" + bits;
  }

  @Override
  public int dimension() {
    return centring.dimension();
  }

  @Override
  public Distance distance() {
    return centring.distance();
  }

  /** Bits of a code value. */
  public int bits() {
    return bits;
  }

  /** Floats of a vector in the coded space: the dimension rounded up to a multiple of 64. */
  public int codeLength() {
    return centring.length();
  }

  /**
   * Copies the centroid, which lies among rows of unit length under COSINE.
   *
   * @param into receives {@link #dimension} floats
   */
  public void centroid(float[] into) {
    System.arraycopy(centring.centroid(), 0, into, 0, dimension());
  }

  /**
   * Brings a row or a query into the coded space: to unit length under COSINE, minus the centroid,
   * rotated. For callers that keep codes of their own, as a graph does.
   *
   * @param vector at least {@link #dimension} finite floats
   * @param transformed receives {@link #codeLength} floats
   */
  public void transform(float[] vector, float[] transformed) {
    Objects.checkFromIndexSize(0, dimension(), vector.length);
    Objects.checkFromIndexSize(0, codeLength(), transformed.length);
    System.arraycopy(vector, 0, transformed, 0, dimension());
    centring.apply(transformed);
  }

  /** The rotated centroid, {@link #codeLength} floats: what {@link #transform} takes away. */
  public float[] rotatedCentroid() {
    return centring.rotatedCentroid().clone();
  }

  /**
   * Creates an encoder of neighbours relative to their node, to be used by one thread.
   *
   * @throws IllegalArgumentException if codes have more bits than a block of neighbours holds
   */
  public NeighbourEncoder neighbours() {
    if (bits > RabitqBlocks.MAX_BITS) {
      throw new IllegalArgumentException(
          "bits must be 1..%d but is %d: blocks of neighbours hold no more. Use 1, or 2 below 200 dimensions."
              .formatted(RabitqBlocks.MAX_BITS, bits));
    }
    return new NeighbourEncoder(this);
  }

  long seed() {
    return seed;
  }

  Centring centring() {
    return centring;
  }

  RabitqLayout layout() {
    return layout;
  }

  @Override
  public long codesBytes(int rows) {
    return layout.codesBytes(rows);
  }

  @Override
  public void encode(FloatRows rows, int first, int count, MemorySegment codes) {
    Encoding.requireWholeBlocks(this, rows, first, count, codes);
    var encoder = new RabitqEncoder(centring.length(), bits);
    var block = new RabitqBlock(centring.length(), bits);
    float[] residual = new float[centring.length()];
    for (int row = first; row < first + count; row += BLOCK_ROWS) {
      int size = Math.min(BLOCK_ROWS, first + count - row);
      for (int i = 0; i < size; i++) {
        rows.copy(row + i, residual);
        centring.apply(residual);
        encoder.encode(residual);
        block.takeFactors(i, encoder, centring.distance(), alongCentroid(residual));
        layout.putRow(codes, row + i, encoder, block);
      }
      layout.putBlock(codes, row / BLOCK_ROWS, block, size);
    }
  }

  private double alongCentroid(float[] residual) {
    return distance() == Distance.SQUARED_L2 ? 0 : centring.alongCentroid(residual);
  }

  @Override
  public void decodeRow(MemorySegment codes, int row, float[] into) {
    Objects.checkFromIndexSize(0, dimension(), into.length);
    float[] residual = new float[centring.length()];
    layout.decode(codes, row, residual);
    centring.invert(residual, into);
  }

  @Override
  public RabitqQuery query() {
    return new RabitqQuery(this);
  }

  @Override
  public long stateBytes() {
    return QuantizerBlock.bytes(dimension());
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
