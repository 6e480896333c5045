package io.firn.simd;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 1-bit codes one after the other, looked through for those that hold anything near. The
 * loop over blocks is the kernel's, so a block that holds nothing costs no call.
 *
 * @param block how a block is laid out; its bits are 1
 * @param blockBytes from one block to the next
 * @param marginsAt bytes from a block's start to its {@value ScanLimits#MARGINS} float32 margins
 */
public record BlockScan(CodeBlock block, long blockBytes, long marginsAt) {

  /** Most dimensions whose sums fit the registers of a scan. */
  public static final int MAX_DIMENSION = BlockKernel.CHUNK;

  static final ScanKernel TWIN = new ScanScalar();

  static final KernelSlot<ScanKernel> SLOT =
      KernelSlot.of(ScanKernel.class, Kernels.VECTORIZED ? vector() : TWIN);

  public BlockScan {
    if (block.bits() != 1 || block.dimension() > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "block must have 1 bit and at most %d dimensions but has %d and %d: sums must fit. Use CodeBlock.below."
              .formatted(MAX_DIMENSION, block.bits(), block.dimension()));
    }
  }

  static ScanKernel vector() {
    return KernelTemplate.instantiate(
        Kernels.laneBits() == 512 ? Scan512.class : Scan128.class, ScanKernel.class, "");
  }

  /**
   * Finds the next block with a near estimate. The result is the same at every register width.
   *
   * @param codes blocks from byte 0 on
   * @param from first block to look at
   * @param end block before which to stop
   * @param query a prepared query of the block's dimension
   * @param shared the part of the distance that all rows share, such as ‖q − c‖²
   * @return the block, or {@code end} if there is none
   * @throws IndexOutOfBoundsException if the blocks leave the segment
   */
  public int next(
      MemorySegment codes, int from, int end, CodeQuery query, float shared, ScanLimits limits) {
    if (from >= end) {
      return end;
    }
    Rows.check(codes, from * blockBytes, (end - from) * blockBytes);
    query.checkDimension(block.dimension());
    ScanKernel chosen = codes.isNative() ? SLOT.get() : TWIN;
    int found = chosen.next(codes, from, end, this, query, shared, limits);
    Rows.keepAlive(codes);
    query.keepAlive();
    return found;
  }
}
