package io.firn.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A query prepared for {@link CodeBlock}: for each group of four dimensions, the 16 sums that four
 * code bits can select, rounded to 6 bits with one step for all groups (FastScan: André et al.,
 * arXiv:1704.07355, on the lookup form of arXiv:2405.12497).
 *
 * <p>Six bits add at most a few parts in a thousand to the variance of a one-bit estimate, and four
 * of them add up in a byte. A group's smallest sum is left out of its entries: it goes to the bias.
 *
 * <p>Reusable and not safe for several threads: one per searcher. Its table is {@code 4 *
 * dimension} bytes of native memory, freed by the garbage collector.
 */
public final class CodeQuery {

  /** The largest entry. */
  static final int LARGEST = 63;

  static final TableKernel TWIN = new TableScalar();

  static final KernelSlot<TableKernel> SLOT =
      KernelSlot.of(TableKernel.class, Kernels.VECTORIZED ? vector() : TWIN);

  private final int dimension;
  private final MemorySegment table;
  private final long tableAddress;
  private final float[] partialSums = new float[TableKernel.PARTIAL_SUMS];
  private float step;
  private float magnitude;

  /**
   * Creates a query without a value: {@link #prepare} gives it one.
   *
   * @param dimension dimensions of the codes, a positive multiple of 64
   */
  public CodeQuery(int dimension) {
    if (dimension < 64 || dimension % 64 != 0) {
      throw new IllegalArgumentException(
          "dimension must be a positive multiple of 64 but is %d: codes are read 64 at a time. Pad with zeros before rotating."
              .formatted(dimension));
    }
    this.dimension = dimension;
    this.table = Arena.ofAuto().allocate(4L * dimension, 64);
    this.tableAddress = table.address();
  }

  static TableKernel vector() {
    return KernelTemplate.instantiate(TableVector.class, TableKernel.class, "");
  }

  /**
   * Takes a query, centred and rotated like the codes.
   *
   * @param rotated at least {@code dimension} finite floats
   */
  public void prepare(float[] rotated) {
    prepare(rotated, SLOT.get());
  }

  void prepare(float[] rotated, TableKernel kernel) {
    Objects.checkFromIndexSize(0, dimension, rotated.length);
    float range = kernel.largestGroup(rotated, dimension);
    float perStep = range > 0 ? LARGEST / range : 0;
    kernel.fill(rotated, dimension, perStep, table);
    step = range / LARGEST;
    kernel.magnitudes(rotated, dimension, partialSums);
    magnitude = sum(partialSums);
    keepAlive();
  }

  /** In one order at every width, so that estimates are equal everywhere. */
  private static float sum(float[] parts) {
    float sum = 0;
    for (float part : parts) {
      sum += part;
    }
    return sum;
  }

  /** What one unit of a sum of entries stands for. */
  float step() {
    return step;
  }

  /** What a sum of entries lacks: with codes centred at zero, half of Σ|q| for each code step. */
  float bias(int bits) {
    return -0.5f * ((1 << bits) - 1) * magnitude;
  }

  MemorySegment table() {
    return table;
  }

  long tableAddress() {
    return tableAddress;
  }

  void checkDimension(int expected) {
    if (dimension != expected) {
      throw new IllegalArgumentException(
          "query must have %d dimensions but has %d: its table would not match the codes. Prepare a query of the block's dimension."
              .formatted(expected, dimension));
    }
  }

  @SuppressWarnings("ReachabilityFenceUsage") // after a throw no kernel reads any more
  void keepAlive() {
    Reference.reachabilityFence(this);
  }
}
