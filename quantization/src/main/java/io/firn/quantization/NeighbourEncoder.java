package io.firn.quantization;

import io.firn.simd.CodeBlock;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Writes the RaBitQ codes of a node's neighbours, relative to the node, into the {@link CodeBlock}
 * of its record (Gou et al., arXiv:2411.12229). The residual is shorter than from a global
 * centroid, and so is the error. Scratch for one thread; {@link RabitqQuantizer#neighbours} makes
 * one.
 *
 * <p>All vectors are in the space of {@link RabitqQuantizer#transform}. With the node at c, as the
 * search will decode it, a neighbour o, r = o - c, code x̄, ρ = ‖r‖² / ⟨r, x̄⟩, the rotated query q
 * and the rotated centroid m:
 *
 * <pre>
 *                distance ≈ add + shared + rescale · ⟨x̄, q⟩
 * SQUARED_L2     add = ‖r‖² + 2ρ⟨x̄, c⟩                   rescale = -2ρ   shared = ‖q - c‖²
 * INNER_PRODUCT  add = ρ⟨x̄, c⟩ - ⟨r, c⟩ - ⟨o, m⟩          rescale = -ρ    shared = -⟨q, c⟩ - ⟨q, m⟩ - ‖m‖²
 * COSINE         as INNER_PRODUCT                                        shared = 1 + the same
 * </pre>
 *
 * <p>The deviation of an estimate is {@code rescale/ρ · ‖r‖ tan∠(r, x̄) / √(D' - 1) · ‖q - c‖}.
 */
public final class NeighbourEncoder {

  private final RabitqQuantizer quantizer;
  private final RabitqEncoder encoder;
  private final RabitqBlock rows;
  private final float[] residual;

  NeighbourEncoder(RabitqQuantizer quantizer) {
    this.quantizer = quantizer;
    this.encoder = new RabitqEncoder(quantizer.codeLength(), quantizer.bits());
    this.rows = new RabitqBlock(quantizer.codeLength(), quantizer.bits());
    this.residual = new float[quantizer.codeLength()];
  }

  /**
   * Writes affine, codes and factors of one record; its ids are the caller's.
   *
   * @param records memory of records; the parts that {@code block} names are overwritten
   * @param record byte offset of the record
   * @param block of the quantizer's code length and bits
   * @param node the rotated vector codes are relative to, best the one that search decodes
   * @param neighbours rotated vectors, one after the other, each {@code codeLength} floats
   * @param others what each neighbour's squared length has more than the node's in dimensions that
   *     are not coded; of no account for inner products
   * @param count neighbours, 0..32; other slots become empty and are never found
   * @param deviations receives the deviation of each neighbour's estimate for ‖q - c‖ = 1
   */
  public void encode(
      MemorySegment records,
      long record,
      CodeBlock block,
      float[] node,
      float[] neighbours,
      float[] others,
      int count,
      float[] deviations) {
    int length = quantizer.codeLength();
    if (block.dimension() != length || block.bits() != quantizer.bits()) {
      throw new IllegalArgumentException(
          "block must have %d dimensions of %d bits but has %d of %d: codes are written for it. Make the block from the quantizer."
              .formatted(length, quantizer.bits(), block.dimension(), block.bits()));
    }
    Objects.checkFromIndexSize(0, count, CodeBlock.SLOTS);
    for (int slot = 0; slot < count; slot++) {
      for (int i = 0; i < length; i++) {
        residual[i] = neighbours[slot * length + i] - node[i];
      }
      encoder.encode(residual);
      rows.takeCode(slot, encoder);
      setFactors(slot, node, others[slot]);
      deviations[slot] = rows.deviation[slot];
    }
    block.putAll(records, record, rows.planes(), count);
    BlockFactors.put(records, record + block.affineAt(), record + block.factorsAt(), rows, count);
  }

  private void setFactors(int slot, float[] node, float others) {
    int[] codes = encoder.codes();
    double centre = 0.5 * ((1 << quantizer.bits()) - 1);
    double codeNode = 0;
    double residualNode = 0;
    double otherMean = 0;
    float[] mean = quantizer.centring().rotatedCentroid();
    for (int i = 0; i < node.length; i++) {
      codeNode += (codes[i] - centre) * node[i];
      residualNode += (double) residual[i] * node[i];
      otherMean += ((double) residual[i] + node[i]) * mean[i];
    }
    rows.takeFactors(slot, encoder, quantizer.distance(), 0);
    double rho = encoder.rescale();
    rows.add[slot] =
        (float)
            (quantizer.distance() == Distance.SQUARED_L2
                ? encoder.squaredNorm() + 2 * rho * codeNode + others
                : rho * codeNode - residualNode - otherMean);
  }

  /**
   * The part of the distance that all neighbours of a node share, for {@link CodeBlock#below}.
   *
   * @param query rotated
   * @param node rotated, as given to {@link #encode}
   */
  public float shared(float[] query, float[] node) {
    double squared = 0;
    double product = 0;
    double alongMean = 0;
    double meanSquares = 0;
    float[] mean = quantizer.centring().rotatedCentroid();
    for (int i = 0; i < node.length; i++) {
      double difference = (double) query[i] - node[i];
      squared += difference * difference;
      product += (double) query[i] * node[i];
      alongMean += (double) query[i] * mean[i];
      meanSquares += (double) mean[i] * mean[i];
    }
    double negated = -product - alongMean - meanSquares;
    return (float)
        switch (quantizer.distance()) {
          case SQUARED_L2 -> squared;
          case INNER_PRODUCT -> negated;
          case COSINE -> 1 + negated;
        };
  }
}
