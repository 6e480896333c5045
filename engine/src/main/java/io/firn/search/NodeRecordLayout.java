package io.firn.search;

import io.firn.simd.CodeBlock;

/**
 * The record of a node in a sealed segment: all that a search needs of the node and its neighbours,
 * in one place, so that a hop waits for memory once (SymphonyQG, arXiv:2411.12229). Little-endian;
 * L is the code length, the coded dimensions rounded up to a multiple of 64, B the bits of a code.
 *
 * <pre>
 * offset      bytes  field
 *      0        128  ids          int32 ordinals of 32 neighbours; unused slots hold the node itself
 *    128         16  affine       of the factors, see {@link CodeBlock}
 *    144          4  lower        float32, value of code 0 of the head
 *    148          4  step         float32, value of one step of the head's codes
 *    152          4  own          float32, what the node alone adds to its distance
 *    156          4  others       float32, squared length that the head lacks, see {@link CodedSpace}
 *    160         32  zero
 *    192          L  head         the node itself, rotated, in 8-bit codes
 *  192+L      4·B·L  codes        RaBitQ codes of the neighbours relative to the head
 *      …        128  factors      of the neighbours' estimates
 * </pre>
 *
 * @param codeLength L
 * @param bits B
 */
record NodeRecordLayout(int codeLength, int bits) {

  static final long AFFINE_AT = 128;
  static final long LOWER_AT = 144;
  static final long STEP_AT = 148;
  static final long OWN_AT = 152;
  static final long OTHERS_AT = 156;
  static final long HEAD_AT = 192;

  /** Below it a second bit finds more than it costs: measured on glove-100, design §5. */
  private static final int TWO_BITS_BELOW_DIMENSION = 200;

  static int bits(int dimension) {
    return dimension < TWO_BITS_BELOW_DIMENSION ? 2 : 1;
  }

  long codesAt() {
    return HEAD_AT + codeLength;
  }

  long factorsAt() {
    return codesAt() + CodeBlock.codesBytes(codeLength, bits);
  }

  /** Bytes from one record to the next, a multiple of 64. */
  long strideBytes() {
    return (factorsAt() + CodeBlock.slotBytes() + 63) & -64;
  }

  CodeBlock block() {
    return new CodeBlock(codeLength, bits, 0, AFFINE_AT, codesAt(), factorsAt());
  }
}
