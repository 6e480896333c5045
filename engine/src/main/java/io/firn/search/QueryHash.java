package io.firn.search;

/** A number that is a query's own: the same every time, and of no meaning. Stateless. */
final class QueryHash {

  /** Components that are looked at. */
  private static final int DIMENSIONS = 64;

  private static final int SPREAD = 0x9E37_79B1; // a prime near 2^32 / golden ratio

  private QueryHash() {}

  static int of(float[] query, int seed) {
    int hash = seed;
    int step = Math.max(1, query.length / DIMENSIONS);
    for (int i = 0; i < query.length; i += step) {
      hash = 31 * hash + Float.floatToRawIntBits(query[i]);
    }
    hash *= SPREAD;
    return (hash ^ hash >>> 15) * SPREAD;
  }
}
