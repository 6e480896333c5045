package io.firn.quantization;

/** Factors of up to 32 rows on their way into a {@link RabitqLayout}. */
final class RabitqBlock {

  final float[] add = new float[Quantizer.BLOCK_ROWS];
  final float[] rescale = new float[Quantizer.BLOCK_ROWS];
  final float[] deviation = new float[Quantizer.BLOCK_ROWS];
  final float[] squaredNorm = new float[Quantizer.BLOCK_ROWS];

  /** Takes over the factors of the row just encoded, as drawn at {@link RabitqQuantizer}. */
  void set(int i, RabitqEncoder encoder, Distance distance, double alongCentroid) {
    double weight = distance == Distance.SQUARED_L2 ? 2 : 1;
    double exact = distance == Distance.SQUARED_L2 ? encoder.squaredNorm() : -alongCentroid;
    add[i] = (float) exact;
    rescale[i] = (float) (-weight * encoder.rescale());
    deviation[i] = (float) (weight * encoder.deviation());
    squaredNorm[i] = (float) encoder.squaredNorm();
  }
}
