package io.firn.quantization;

/** A distance and a row in one long that orders by distance, then by row. */
final class RowKey {

  private RowKey() {}

  static long of(float distance, int row) {
    int bits = Float.floatToRawIntBits(distance + 0.0f); // turns -0.0 into 0.0: equal distances tie
    return ((long) sortable(bits) << 32) | row;
  }

  static int row(long key) {
    return (int) key;
  }

  static float distance(long key) {
    return Float.intBitsToFloat(sortable((int) (key >> 32)));
  }

  /** Orders float bits as signed ints. Its own inverse. */
  private static int sortable(int bits) {
    return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
  }
}
