package io.firn.search;

/** A number that is a query's own: the same every time, and of no meaning. Stateless. */
final class QueryHash {

  /** Components that are looked at. */
  private static final int DIMENSIONS = 64;

  private QueryHash() {}

  /** Floats often end in zeros, as whole numbers do: their bits must be mixed well. */
  static int of(float[] query, int seed) {
    int hash = 1;
    int step = Math.max(1, query.length / DIMENSIONS);
    for (int i = 0; i < query.length; i += step) {
      hash = 31 * hash + Float.floatToRawIntBits(query[i]);
    }
    return mixed(mixed(hash) + seed);
  }

  /** The finalizer of MurmurHash3 (Appleby): each bit depends on all. */
  private static int mixed(int hash) {
    int h = (hash ^ hash >>> 16) * 0x85EB_CA6B;
    h = (h ^ h >>> 13) * 0xC2B2_AE35;
    return h ^ h >>> 16;
  }
}
