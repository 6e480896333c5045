package io.firn.quantization;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Plain loops. */
final class FieldProductScalar implements FieldProduct {

  @Override
  public float product(float[] query, MemorySegment codes, long offset, int length, int width) {
    int mask = (1 << width) - 1;
    double sum = 0;
    for (int d = 0; d < length; d++) {
      int bit = d / COLUMNS * width;
      int place = COLUMNS * (bit / Byte.SIZE) + d % COLUMNS;
      sum +=
          query[d]
              * ((codes.get(ValueLayout.JAVA_BYTE, offset + place) >>> (bit % Byte.SIZE)) & mask);
    }
    return (float) sum;
  }
}
