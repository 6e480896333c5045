package io.firn.hnsw;

/**
 * A distance and a node in one long that orders by distance, then by node: sortable float bits in
 * the upper half, the node in the lower.
 */
final class NodeKey {

  private NodeKey() {}

  static long of(float distance, int node) {
    int bits = Float.floatToRawIntBits(distance + 0.0f); // turns -0.0 into 0.0: equal distances tie
    return ((long) sortable(bits) << 32) | node;
  }

  static int node(long key) {
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
