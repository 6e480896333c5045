package io.firn.hnsw;

/**
 * Draws each node's level from a hash of (seed, node), so that it depends neither on insertion
 * history nor on threads. Levels are exponential with the paper's scale m<sub>L</sub> = 1/ln(m).
 */
final class LevelGenerator {

  /** Highest level ever drawn; a layer above it would be empty in any graph that fits an int. */
  static final int MAX_LEVEL = 31;

  private static final long GOLDEN_GAMMA = 0x9E37_79B9_7F4A_7C15L;

  private final long seed;
  private final double scale;

  LevelGenerator(HnswParams params) {
    this.seed = params.seed();
    this.scale = 1 / StrictMath.log(params.m());
  }

  int level(int node) {
    long bits = mix(seed + GOLDEN_GAMMA * (node + 1L)) >>> 11;
    double uniform = (bits + 1) * 0x1p-53; // in (0, 1], so its logarithm is finite
    return (int) Math.min(MAX_LEVEL, -StrictMath.log(uniform) * scale);
  }

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
    return z ^ (z >>> 31);
  }
}
