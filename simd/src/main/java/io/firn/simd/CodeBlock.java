package io.firn.simd;

import static io.firn.simd.Rows.MEMORY;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * Where a node record keeps its 32 neighbours' RaBitQ codes, and the distance estimates from them
 * (Gao and Long, arXiv:2405.12497; multi-bit: arXiv:2409.09913; in a graph: arXiv:2411.12229).
 *
 * <p>Neighbour {@code n} with code values {@code x[i]} of {@code bits} bits has the estimate
 *
 * <pre>
 *   add[n] + centroid + rescale[n] * Σ (x[i] - (2^bits - 1) / 2) * q[i]
 *   add[n]     = addBase     + addStep     * u16      u16 65535 in add: slot is empty, never found
 *   rescale[n] = rescaleBase + rescaleStep * u16
 * </pre>
 *
 * where {@code q} is the rotated query behind a {@link CodeQuery}. All is little-endian; every part
 * but the affine starts at a multiple of 64 bytes of its record, and records at multiples of 64.
 *
 * <pre>
 * part      bytes              content
 * ids       128                int32 per slot
 * affine    16                 float32 addBase, addStep, rescaleBase, rescaleStep
 * codes     bits*dimension*4   bit planes, the most significant first
 * factors   128                uint16 add per slot, then uint16 rescale per slot
 * </pre>
 *
 * A <b>plane</b> holds one bit of every dimension of every slot. Dimensions go in groups of four:
 * group {@code g} (dimensions {@code 4g..4g+3}) is the 16 bytes at {@code 16g}, and in each slot's
 * nibble dimension {@code 4g+j} is bit {@code j}. Slot {@code n} is at
 *
 * <pre>
 *   byte   4*(n%4) + 2*(n/16) + (n/8)%2        of the group
 *   nibble (n/4)%2                             0: bits 0..3, 1: bits 4..7
 *
 * byte           0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15
 * low nibble     0   8  16  24   1   9  17  25   2  10  18  26   3  11  19  27
 * high nibble    4  12  20  28   5  13  21  29   6  14  22  30   7  15  23  31
 * </pre>
 *
 * The order is the one in which sums fall out of a kernel without a shuffle, at any register width:
 * even and odd bytes widen to 16 bits by a mask and a shift, then again to 32 bits. The layout
 * belongs to the file format; it does not depend on the machine.
 *
 * @param dimension dimensions of a code: a positive multiple of 64
 * @param bits bits of a code value, 1 to 4
 * @param idsAt bytes from the record's start to its ids
 * @param affineAt bytes from the record's start to its affine
 * @param codesAt bytes from the record's start to its codes
 * @param factorsAt bytes from the record's start to its factors
 */
public record CodeBlock(
    int dimension, int bits, long idsAt, long affineAt, long codesAt, long factorsAt) {

  /** Neighbours of a block. */
  public static final int SLOTS = 32;

  /** Elements that arrays for results must have: a kernel stores whole registers. */
  public static final int RESULT_CAPACITY = 48;

  /** The {@code add} factor of an empty slot. */
  public static final int EMPTY = 0xFFFF;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final long LOW_NIBBLES = 0x0F0F_0F0F_0F0F_0F0FL;

  /** By width in bytes: the low half of every two units of that width. */
  private static final long[] SWAP_MASK = {
    0, 0x00FF_00FF_00FF_00FFL, 0x0000_FFFF_0000_FFFFL, 0, 0x0000_0000_FFFF_FFFFL
  };

  static final BlockKernel TWIN = new BlockScalar();

  static final KernelSlot<BlockKernel> SLOT =
      KernelSlot.of(BlockKernel.class, Kernels.VECTORIZED ? vector() : TWIN);

  public CodeBlock {
    if (dimension < 64 || dimension % 64 != 0) {
      throw new IllegalArgumentException(
          "dimension must be a positive multiple of 64 but is %d: codes are read 64 at a time. Pad with zeros before rotating."
              .formatted(dimension));
    }
    if (bits < 1 || bits > 4) {
      throw new IllegalArgumentException(
          "bits must be 1..4 but is %d: more gain nothing over 8-bit codes. Use 1, or 2 below 200 dimensions."
              .formatted(bits));
    }
  }

  static BlockKernel vector() {
    return KernelTemplate.instantiate(
        Kernels.laneBits() == 512 ? Block512.class : Block128.class, BlockKernel.class, "");
  }

  /** Returns the bytes of the codes of a block. */
  public static long codesBytes(int dimension, int bits) {
    return 4L * dimension * bits;
  }

  /** Returns the bytes of the ids, and of the factors, of a block. */
  public static long slotBytes() {
    return 4L * SLOTS;
  }

  /**
   * Finds the neighbours whose estimated distance is below {@code threshold}, in slot order. The
   * result is the same, bit for bit, at every register width.
   *
   * @param nodes records
   * @param node offset of the record
   * @param query a prepared query of this dimension
   * @param centroid the part of the distance that all slots share, such as ‖q − c‖²
   * @param threshold estimates must be less
   * @param ids receives the ids found, then anything; at least {@link #RESULT_CAPACITY} elements
   * @param estimates receives the estimates of the ids; at least {@link #RESULT_CAPACITY} elements
   * @return how many were found, 0 to 32
   * @throws IndexOutOfBoundsException if a part of the record leaves the segment, or an array is
   *     too short
   */
  public int below(
      MemorySegment nodes,
      long node,
      CodeQuery query,
      float centroid,
      float threshold,
      int[] ids,
      float[] estimates) {
    check(nodes, node);
    query.checkDimension(dimension);
    Objects.checkFromIndexSize(0, RESULT_CAPACITY, ids.length);
    Objects.checkFromIndexSize(0, RESULT_CAPACITY, estimates.length);
    int found =
        Kernels.VECTORIZED && nodes.isNative()
            ? SLOT.get()
                .below(
                    MEMORY,
                    nodes.address() + node,
                    this,
                    query,
                    centroid,
                    threshold,
                    ids,
                    estimates)
            : TWIN.below(nodes, node, this, query, centroid, threshold, ids, estimates);
    Rows.keepAlive(nodes);
    query.keepAlive();
    return found;
  }

  /**
   * Writes the codes of all slots. Bit {@code i % 64} of {@code planes[(slot * bits + plane) *
   * dimension / 64 + i / 64]} is the plane's bit of dimension {@code i}; plane 0 is the most
   * significant.
   *
   * @param planes the codes of the first {@code count} slots; the others get zeros
   * @throws IndexOutOfBoundsException if the codes leave the segment, or {@code planes} is too
   *     short
   */
  public void putAll(MemorySegment nodes, long node, long[] planes, int count) {
    Objects.checkFromIndexSize(0, count, SLOTS);
    int words = dimension / Long.SIZE;
    Objects.checkFromIndexSize(0, count * bits * words, planes.length);
    long[] rows = new long[32];
    for (int plane = 0; plane < bits; plane++) {
      for (int word = 0; word < words; word++) {
        interleave(planes, plane * words + word, bits * words, count, rows);
        long at = node + groupAt(plane, Long.SIZE * word);
        for (int part = 0; part < rows.length; part += 8) {
          transpose(rows, part);
          long first = at + (part < 16 ? 0 : 16) + (part % 16); // odd groups, second half
          for (int row = 0; row < 8; row++) {
            nodes.set(LONG, first + 32L * row, rows[part + row]);
          }
        }
      }
    }
  }

  /**
   * Pairs the slots that share a byte. Byte {@code j} of {@code rows[b]} is byte {@code b} of group
   * {@code 2 j}, of {@code rows[16 + b]} that of group {@code 2 j + 1}.
   */
  private static void interleave(long[] planes, int from, int stride, int count, long[] rows) {
    java.util.Arrays.fill(rows, 0);
    for (int slot = 0; slot < count; slot++) {
      long word = planes[from + slot * stride];
      long even = word & LOW_NIBBLES;
      long odd = (word >>> 4) & LOW_NIBBLES;
      int shift = 4 * nibbleOf(slot);
      rows[byteOf(slot)] |= even << shift;
      rows[16 + byteOf(slot)] |= odd << shift;
    }
  }

  /** Transposes 8 longs as 8 × 8 bytes, by swaps of halves, quarters and eighths. */
  private static void transpose(long[] rows, int at) {
    for (int width = 1; width < 8; width *= 2) {
      int shift = Byte.SIZE * width;
      for (int i = at; i < at + 8; i++) {
        if ((i & width) == 0) {
          long swapped = ((rows[i] >>> shift) ^ rows[i + width]) & SWAP_MASK[width];
          rows[i + width] ^= swapped;
          rows[i] ^= swapped << shift;
        }
      }
    }
  }

  /** Returns the value of dimension {@code i} in the code of a slot. */
  public int get(MemorySegment nodes, long node, int slot, int i) {
    Objects.checkIndex(slot, SLOTS);
    Objects.checkIndex(i, dimension);
    int value = 0;
    for (int plane = 0; plane < bits; plane++) {
      int both = nodes.get(ValueLayout.JAVA_BYTE, node + groupAt(plane, i) + byteOf(slot));
      value = 2 * value + bit(both, 4 * nibbleOf(slot) + i % 4);
    }
    return value;
  }

  private static int bit(int value, int position) {
    return (value >> position) & 1;
  }

  private long groupAt(int plane, int i) {
    return codesAt + 4L * dimension * plane + 4L * (i & -4);
  }

  static int byteOf(int slot) {
    return 4 * (slot % 4) + 2 * (slot / 16) + slot / 8 % 2;
  }

  static int nibbleOf(int slot) {
    return slot / 4 % 2;
  }

  private void check(MemorySegment nodes, long node) {
    Rows.check(nodes, node + codesAt, codesBytes(dimension, bits));
    Objects.checkFromIndexSize(node + idsAt, slotBytes(), nodes.byteSize());
    Objects.checkFromIndexSize(node + affineAt, 16, nodes.byteSize());
    Objects.checkFromIndexSize(node + factorsAt, slotBytes(), nodes.byteSize());
  }
}
