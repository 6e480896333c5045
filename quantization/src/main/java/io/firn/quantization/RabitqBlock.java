package io.firn.quantization;

/** Up to 32 encoded rows on their way into a {@link RabitqLayout}. */
final class RabitqBlock {

  final float[] add = new float[Quantizer.BLOCK_ROWS];
  final float[] rescale = new float[Quantizer.BLOCK_ROWS];
  final float[] deviation = new float[Quantizer.BLOCK_ROWS];
  final float[] squaredNorm = new float[Quantizer.BLOCK_ROWS];
  private final int rowWords;
  private final long[] planes;

  /**
   * @param length dimensions of a code
   * @param bits bits of each
   */
  RabitqBlock(int length, int bits) {
    this.rowWords = length / Long.SIZE * bits;
    this.planes = new long[Quantizer.BLOCK_ROWS * rowWords];
  }

  /** Takes over the factors of the row just encoded, as drawn at {@link RabitqQuantizer}. */
  void takeFactors(int i, RabitqEncoder encoder, Distance distance, double alongCentroid) {
    double weight = distance == Distance.SQUARED_L2 ? 2 : 1;
    double exact = distance == Distance.SQUARED_L2 ? encoder.squaredNorm() : -alongCentroid;
    add[i] = (float) exact;
    rescale[i] = (float) (-weight * encoder.rescale());
    deviation[i] = (float) (weight * encoder.deviation());
    squaredNorm[i] = (float) encoder.squaredNorm();
  }

  /** Takes over the code of the row just encoded, as bit planes. */
  void takeCode(int i, RabitqEncoder encoder) {
    encoder.putPlanes(planes, i * rowWords);
  }

  /** The codes taken, in the order of {@link io.firn.simd.CodeBlock#putAll}. */
  long[] planes() {
    return planes;
  }
}
