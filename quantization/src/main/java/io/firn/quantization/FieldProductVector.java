package io.firn.quantization;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import io.firn.simd.Kernels;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Vector form: bytes widen to ints, fields are shifted out, converted and multiplied. */
final class FieldProductVector implements FieldProduct {

  private static final VectorShape SHAPE = VectorShape.forBitSize(Kernels.laneBits());
  private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  private static final int LANES = FLOATS.length();

  /** As many bytes as lanes, but at least the 8 of the smallest species. */
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));

  private static final int PARTS = BYTES.length() / LANES;

  @Override
  public float product(float[] query, MemorySegment codes, long offset, int length, int width) {
    FloatVector even = FloatVector.zero(FLOATS);
    FloatVector odd = even;
    int perByte = Byte.SIZE / width;
    int step = COLUMNS * perByte;
    long at = offset;
    for (int d = 0; d < length; d += step, at += COLUMNS) {
      int fields = Math.min(perByte, (length - d) / COLUMNS);
      for (int column = 0; column < COLUMNS; column += BYTES.length()) {
        ByteVector bytes = ByteVector.fromMemorySegment(BYTES, codes, at + column, LITTLE_ENDIAN);
        even = fields(query, d + column, bytes, 0, fields, width, even);
        if (PARTS == 2) {
          odd = fields(query, d + column + LANES, bytes, 1, fields, width, odd);
        }
      }
    }
    return even.add(odd).reduceLanes(VectorOperators.ADD);
  }

  private static FloatVector fields(
      float[] query, int from, ByteVector bytes, int part, int fields, int width, FloatVector sum) {
    IntVector rest = (IntVector) bytes.convertShape(VectorOperators.ZERO_EXTEND_B2I, INTS, part);
    int mask = (1 << width) - 1;
    FloatVector total = sum;
    for (int field = 0; field < fields; field++) {
      FloatVector code = (FloatVector) rest.and(mask).convert(VectorOperators.I2F, 0);
      total = FloatVector.fromArray(FLOATS, query, from + field * COLUMNS).fma(code, total);
      rest = rest.lanewise(VectorOperators.LSHR, width);
    }
    return total;
  }
}
